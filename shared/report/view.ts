import { causeOf } from '../causes/catalogue.ts';
import type { Instruction } from '../model/commands.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { OutcomeKind, Problem, RemediationRecord, StepRecord } from '../model/record.ts';
import { viewApprovals, viewQuestion } from './approvals.ts';
import { viewChange, viewChanges, type ChangeView, type StayingChange } from './changes.ts';
import { viewDowntime, type DowntimeView } from './downtime.ts';
import { facts, type Fact } from './facts.ts';
import { viewFaults, viewFinding, type FaultView, type FindingView } from './faults.ts';
import { webAddress } from './link.ts';
import { elapsed, formatDuration, formatMoment, withReadableMoments } from './time.ts';
import { viewTimeline, type TimelineView } from './timeline.ts';
import { viewUnsolved, type UnsolvedView } from './unsolved.ts';
import { visibleRecord } from './visible.ts';
import { MODES, OUTCOMES, PHASES, PROBE_STATES, SOURCES, STEP_STATES, type Label } from './labels.ts';
import { inSentence } from './words.ts';

export interface ProbeView {
  readonly when: string;
  readonly label: Label;
  readonly detail: string;
  readonly facts: readonly Fact[];
}

export interface StepView {
  readonly title: string;
  readonly label: Label;
  readonly started: string;
  readonly took: string;
  readonly detail: string;
  readonly findings: readonly FindingView[];
  readonly changes: readonly ChangeView[];
  readonly remaining: readonly FindingView[];
  readonly probe: ProbeView | undefined;
  readonly error: Problem | undefined;
  readonly evidence: readonly { readonly name: string; readonly href: string | undefined; url: string }[];
}

/** What both reports show, in words; the formats only add their own escaping and layout. */
export interface ReportView {
  readonly id: string;
  readonly vmName: string;
  readonly label: Label;
  readonly summary: string;
  readonly facts: readonly Fact[];
  readonly record: RemediationRecord;
  /** What to do next, each with what can be typed. */
  readonly advice: readonly Instruction[];
  readonly downtime: DowntimeView;
  readonly timeline: TimelineView | undefined;
  readonly unsolved: UnsolvedView | undefined;
  readonly probes: readonly ProbeView[];
  readonly faults: readonly FaultView[];
  readonly steps: readonly StepView[];
  readonly changes: readonly StayingChange[];
  /** What a person is asked, while one is waited for. */
  readonly question: readonly Fact[];
  readonly approvals: readonly Fact[];
  readonly wayBack: readonly Fact[];
  readonly request: readonly Fact[];
}

/** Turns a record into what a report shows. Pure: the same record gives the same report. */
export function viewRecord(raw: RemediationRecord): ReportView {
  const shown = visibleRecord(raw);
  const record = { ...shown, warnings: shown.warnings.map(withReadableMoments) };
  const { outcome, vm, probeBefore, probeAfter } = record;
  return {
    id: record.id,
    vmName: vm.name,
    label: outcome ? labelOf(outcome.kind, record) : { text: 'Running', tone: 'plain' },
    summary: outcome ? withReadableMoments(outcome.summary) : `Running: ${inSentence(PHASES[record.phase])}.`,
    facts: viewFacts(record),
    record,
    advice: viewAdvice(record),
    downtime: viewDowntime(record),
    timeline: viewTimeline(record),
    unsolved: viewUnsolved(record),
    probes: [
      ...(probeBefore ? [viewProbe('Before', probeBefore)] : []),
      ...(probeAfter ? [viewProbe('After', probeAfter)] : []),
    ],
    faults: viewFaults(record),
    steps: record.steps.map(viewStep),
    changes: viewChanges(record),
    question: viewQuestion(record),
    approvals: viewApprovals(record),
    wayBack: viewWayBack(record),
    request: viewRequest(record),
  };
}

/** A dry run is more than a diagnosis. */
function labelOf(kind: OutcomeKind, { steps }: RemediationRecord): Label {
  const isRehearsed = steps.some(({ id, state }) => id === 'rehearsal' && state === 'done');
  return kind === 'diagnosed' && isRehearsed ? { text: 'Rehearsed', tone: 'plain' } : OUTCOMES[kind];
}

/** Whole ids stand with what is kept, and with the resources. */
const RESOURCE = /\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/\S+\/([\w().-]*\w)/gi;

/** The commands of an instruction stand under its sentence. */
function viewAdvice({ advice, instructions = [] }: RemediationRecord): Instruction[] {
  return advice.map((words) => ({
    words: withReadableMoments(words.replaceAll(RESOURCE, '$1')),
    commands: instructions.find((one) => one.words === words)?.commands ?? [],
  }));
}

function viewFacts(record: RemediationRecord): Fact[] {
  const { vm, outcome, startedAt, endedAt, attempt, id } = record;
  return facts([
    ['Virtual machine', vm.id, true],
    ['Location', vm.location],
    ['Operating system', vm.osVersion],
    ['Generation', vm.generation],
    ['RDP port', outcome?.rdpPort?.toString()],
    ['Causes', outcome?.causes.map((cause) => causeOf(cause).title).join('; ')],
    ['Started', formatMoment(startedAt)],
    ['Ended', endedAt === undefined ? 'not yet' : formatMoment(endedAt)],
    ['Downtime', viewDowntime(record).short],
    ['Duration', endedAt === undefined ? undefined : formatDuration(elapsed(startedAt, endedAt))],
    ['Remediation', `${id} (attempt ${String(attempt)})`, true],
  ]);
}

function viewWayBack({ snapshot, originalDisk, rollback }: RemediationRecord): Fact[] {
  const since = originalDisk?.wayBack?.writesSince;
  const which = rollback ? 'Repaired' : 'Original';
  return facts([
    ['Snapshot', snapshot?.id, true],
    ['Snapshot kept until', snapshot && formatMoment(snapshot.expiresAt)],
    [`${which} OS disk`, originalDisk?.id, true],
    [`${which} disk kept until`, originalDisk && formatMoment(originalDisk.keptUntil)],
    ['A rollback loses everything written since', since === undefined ? undefined : formatMoment(since)],
  ]);
}

function viewRequest({ request: { source, mode, options } }: RemediationRecord): Fact[] {
  return facts([
    ['Requested by', [SOURCES[source.kind], source.name, source.id].filter(Boolean).join(', ')],
    ['Mode', MODES[mode]],
    ['Admin addresses', options.adminAddresses.join(', ')],
    ['Restore by', options.restoreWay],
    ['New RDP port', options.newRdpPort?.toString()],
    ['Older TLS versions', options.legacyTls ? 'also enabled' : undefined],
    ['Peer', options.peerVmId, true],
    ['Retention (days)', String(options.keepDays)],
  ]);
}

function viewProbe(when: string, probe: ProbeResult): ProbeView {
  const { certificate, machine } = probe;
  return {
    when,
    label: PROBE_STATES[probe.state],
    detail: withReadableMoments(probe.detail),
    facts: facts([
      ['Address', `${probe.address}, port ${String(probe.port)}`],
      ['Protocol', probe.protocol],
      ['Refusal code', probe.failureCode],
      ['TLS', probe.tlsVersion],
      ['Certificate', certificate?.subject],
      [
        'Valid',
        certificate && `${formatMoment(certificate.notBefore)} to ${formatMoment(certificate.notAfter)}`,
      ],
      ['Thumbprint', certificate?.thumbprint, true],
      ['Computer', machine && (machine.dnsName ?? machine.computerName)],
      ['Domain', machine?.domain],
      ['Windows', machine?.build],
      ['Windows clock', machine?.time === undefined ? undefined : formatMoment(machine.time)],
    ]),
  };
}

function viewStep(step: StepRecord): StepView {
  const lasted = step.endedAt === undefined ? undefined : elapsed(step.startedAt, step.endedAt);
  return {
    title: step.title,
    label: STEP_STATES[step.state],
    started: formatMoment(step.startedAt),
    took: lasted === undefined ? 'running' : formatDuration(lasted),
    detail: withReadableMoments(step.detail),
    findings: step.findings.map(viewFinding),
    changes: step.actions.map(viewChange),
    remaining: step.remaining.map(viewFinding),
    probe: step.probe && viewProbe('Afterwards', step.probe),
    error: step.error,
    evidence: step.evidence.map(({ name, url }) => ({ name, url, href: webAddress(url) })),
  };
}
