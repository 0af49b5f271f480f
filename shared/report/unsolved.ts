import { CAUSES } from '../causes/index.ts';
import { isOfWindows } from '../model/probe.ts';
import type { RemediationRecord, StepRecord } from '../model/record.ts';
import { facts, type Fact } from './facts.ts';
import { webAddress } from './link.ts';
import { formatMoment } from './time.ts';
import { PROBE_STATES } from './labels.ts';

/** What helps whoever takes over from here; empty where RDP was repaired, or nothing is to be repaired. */
export interface UnsolvedView {
  readonly ruledOut: readonly string[];
  readonly notLookedAt: readonly string[];
  readonly support: readonly Fact[];
  readonly evidence: readonly { readonly name: string; readonly href: string | undefined; url: string }[];
}

/** Of a repair that did not succeed: what it was not, and what to attach to a support request; `undefined` for any other. */
export function viewUnsolved(record: RemediationRecord): UnsolvedView | undefined {
  const kind = record.outcome?.kind;
  if ((kind !== 'not-fixed' && kind !== 'failed') || record.rollback) return undefined;
  return {
    ruledOut: ruledOut(record),
    notLookedAt: notLookedAt(record),
    support: supportFacts(record),
    evidence: record.steps
      .flatMap(({ evidence }) => evidence)
      .map(({ name, url }) => ({ name, url, href: webAddress(url) })),
  };
}

/** Causes that a look at Windows would have shown, and did not. */
function ruledOut({ steps, probeAfter, probeBefore }: RemediationRecord): string[] {
  const probe = probeAfter ?? probeBefore;
  const network =
    probe && isOfWindows(probe) ? ['Network path: the RDP port of the VM responded from outside.'] : [];
  if (!steps.some(hasLooked)) return network;
  const found = new Set(
    steps.flatMap(({ findings, remaining }) =>
      [...findings, ...remaining].flatMap(({ cause, severity }) =>
        severity === 'info' ? [] : (cause ?? []),
      ),
    ),
  );
  return [...network, ...CAUSES.filter(({ id }) => !found.has(id)).map(({ title }) => title)];
}

/** Whether Windows, or its disk, was looked at and judged. */
function hasLooked({ id, state, error, findings }: StepRecord): boolean {
  if (id === 'diagnose') return state === 'done';
  return (
    (id === 'rehearsal' || id === 'offline-repair') &&
    (findings.length > 0 || state === 'done' || state === 'fixed' || error?.code === 'NothingToMend')
  );
}

/** What could not be read: a fault there is not ruled out. */
function notLookedAt({ steps }: RemediationRecord): string[] {
  const unread = steps.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === 'CheckFailed').map(({ data }) => String(data['check'] ?? '')),
  );
  const neverSeen = steps.some(hasLooked)
    ? []
    : ['Windows itself: no script could run in it, and its disk was not examined.'];
  return [...new Set(unread)].filter(Boolean).concat(neverSeen);
}

function supportFacts(record: RemediationRecord): Fact[] {
  const { vm, startedAt, endedAt, probeBefore, probeAfter, snapshot, id } = record;
  return facts([
    ['Virtual machine', vm.id, true],
    ['Region', vm.location],
    ['Operating system', vm.osVersion],
    [
      'Time of the repair',
      `${formatMoment(startedAt)} to ${endedAt === undefined ? 'now' : formatMoment(endedAt)}`,
    ],
    ['RDP before', probeBefore && `${PROBE_STATES[probeBefore.state].text}. ${probeBefore.detail}`],
    ['RDP after', probeAfter && `${PROBE_STATES[probeAfter.state].text}. ${probeAfter.detail}`],
    ['Snapshot of the OS disk', snapshot?.id, true],
    ['Remediation', id],
  ]);
}
