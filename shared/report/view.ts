import { causeOf } from '../causes/catalogue.ts';
import type { Disruption } from '../model/disruption.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { Problem, RemediationRecord, StepRecord } from '../model/record.ts';
import { viewChange, viewChanges, type ChangeView, type StayingChange } from './changes.ts';
import { viewFaults, viewFinding, type FaultView, type FindingView } from './faults.ts';
import { webAddress } from './link.ts';
import { elapsed, formatDuration, formatMoment } from './time.ts';
import { visibleRecord } from './visible.ts';
import { OUTCOMES, PROBE_STATES, STEP_STATES, type Label } from './words.ts';

/** A name with its value; `exact` values are ids and the like, shown so that they can be copied. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly exact?: boolean;
}

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
  /** Where the step lies on the time line, in per cent of the whole. */
  readonly bar: { readonly start: number; readonly width: number };
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
  readonly probes: readonly ProbeView[];
  readonly faults: readonly FaultView[];
  readonly steps: readonly StepView[];
  readonly changes: readonly StayingChange[];
  /** What a person is asked, while one is waited for. */
  readonly question: readonly Fact[];
  readonly wayBack: readonly Fact[];
  readonly request: readonly Fact[];
}

/** Turns a record into what a report shows. Pure: the same record gives the same report. */
export function viewRecord(raw: RemediationRecord): ReportView {
  const record = visibleRecord(raw);
  const { outcome, vm, probeBefore, probeAfter } = record;
  return {
    id: record.id,
    vmName: vm.name,
    label: outcome ? OUTCOMES[outcome.kind] : { text: 'Going on', tone: 'plain' },
    summary: outcome?.summary ?? `The remediation goes on; it is in the phase "${record.phase}".`,
    facts: viewFacts(record),
    record,
    probes: [
      ...(probeBefore ? [viewProbe('Before', probeBefore)] : []),
      ...(probeAfter ? [viewProbe('After', probeAfter)] : []),
    ],
    faults: viewFaults(record),
    steps: viewSteps(record),
    changes: viewChanges(record),
    question: viewQuestion(record),
    wayBack: viewWayBack(record),
    request: viewRequest(record),
  };
}

const ASKED: Readonly<Record<Disruption, string>> = {
  offline: 'to take the VM offline, and repair its disk by the plan below',
  restart: 'to restart the VM, which some changes take to count',
};

/** No address that could be followed: who approves sends the plan's hash along, so that nothing says yes by being looked at. */
function viewQuestion({ id, question }: RemediationRecord): Fact[] {
  if (!question) return [];
  const { about, plan, expiresAt } = question;
  return facts([
    ['Asked', `Whether the service may go on ${ASKED[about]}.`],
    ['No answer is a no after', formatMoment(expiresAt)],
    ['To approve, send', `POST /api/remediations/${id}/approval`, true],
    ['with', JSON.stringify({ approved: true, plan }), true],
    ['To refuse, send it with', JSON.stringify({ approved: false, plan }), true],
  ]);
}

function viewFacts({ vm, outcome, startedAt, endedAt, attempt, id }: RemediationRecord): Fact[] {
  return facts([
    ['Virtual machine', vm.id, true],
    ['Location', vm.location],
    ['Operating system', vm.osVersion],
    ['Generation', vm.generation],
    ['RDP port', outcome?.rdpPort?.toString()],
    ['Causes', outcome?.causes.map((cause) => causeOf(cause).title).join('; ')],
    ['Started', formatMoment(startedAt)],
    ['Ended', endedAt === undefined ? 'not yet' : formatMoment(endedAt)],
    ['Took', endedAt === undefined ? undefined : formatDuration(elapsed(startedAt, endedAt))],
    ['Remediation', `${id} (attempt ${String(attempt)})`],
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
    ['Going back gives up what was written since', since === undefined ? undefined : formatMoment(since)],
  ]);
}

function viewRequest({ request: { source, mode, options } }: RemediationRecord): Fact[] {
  return facts([
    ['Source', [source.kind, source.name, source.id].filter(Boolean).join(', ')],
    ['Mode', mode],
    ['Addresses of administrators', options.adminAddresses.join(', ')],
    ['Way to restore', options.restoreWay],
    ['New RDP port', options.newRdpPort?.toString()],
    ['Older TLS versions', options.legacyTls ? 'switched on as well' : undefined],
    ['Peer', options.peerVmId, true],
    ['Days kept', String(options.keepDays)],
  ]);
}

function viewProbe(when: string, probe: ProbeResult): ProbeView {
  const { certificate, machine } = probe;
  return {
    when,
    label: PROBE_STATES[probe.state],
    detail: probe.detail,
    facts: facts([
      ['Address', `${probe.address}, port ${String(probe.port)}`],
      ['Protocol', probe.protocol],
      ['Refused with', probe.failureCode],
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
      ['Its clock', machine?.time === undefined ? undefined : formatMoment(machine.time)],
    ]),
  };
}

function viewSteps({ steps, startedAt, endedAt }: RemediationRecord): StepView[] {
  const ends = steps.map((step) => step.endedAt ?? step.startedAt);
  const whole = Math.max(1, ...[...ends, endedAt ?? startedAt].map((end) => elapsed(startedAt, end)));
  const percent = (milliseconds: number): number => Math.min(100, (100 * milliseconds) / whole);
  return steps.map((step) => viewStep(step, startedAt, percent));
}

function viewStep(step: StepRecord, startedAt: string, percent: (ms: number) => number): StepView {
  const lasted = step.endedAt === undefined ? undefined : elapsed(step.startedAt, step.endedAt);
  return {
    title: step.title,
    label: STEP_STATES[step.state],
    started: formatMoment(step.startedAt),
    took: lasted === undefined ? 'not ended' : formatDuration(lasted),
    bar: { start: percent(elapsed(startedAt, step.startedAt)), width: percent(lasted ?? 0) },
    detail: step.detail,
    findings: step.findings.map(viewFinding),
    changes: step.actions.map(viewChange),
    remaining: step.remaining.map(viewFinding),
    probe: step.probe && viewProbe('Afterwards', step.probe),
    error: step.error,
    evidence: step.evidence.map(({ name, url }) => ({ name, url, href: webAddress(url) })),
  };
}

/** Facts of the values that are there. */
function facts(rows: readonly (readonly [string, string | undefined, boolean?])[]): Fact[] {
  return rows.flatMap(([name, value, exact = false]) =>
    value === undefined || value === '' ? [] : [{ name, value, exact }],
  );
}
