import { timeOf } from '../../local/terminal/step-lines.ts';
import { paint } from '../../local/terminal/screen.ts';
import type { Phase, RemediationRecord } from '../../shared/model/record.ts';
import { viewDowntime } from '../../shared/report/downtime.ts';
import { OUTCOMES, PHASES, PROBE_STATES, type Tone } from '../../shared/report/labels.ts';

type Stream = NodeJS.WriteStream;

const COLOURS: Readonly<Record<Tone, 'green' | 'yellow' | 'red' | 'bold'>> = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  plain: 'bold',
};

/** The phases in which the VM may be down. */
const DOWN: readonly Phase[] = ['offline', 'restore', 'verify', 'undo'];

/** What is done now: the step that runs, or the phase. */
export function nowOf({ steps, phase, vm }: RemediationRecord): string {
  const running = steps.findLast(({ state }) => state === 'running');
  return `${vm.name}: ${running?.title ?? PHASES[phase]}`;
}

/** Whether the VM may be out of service while nothing goes on. */
export function mayBeDown({ phase, downSince }: RemediationRecord): boolean {
  return downSince !== undefined || DOWN.includes(phase);
}

/** What will be done, how long the VM is out of service for it, and what is lost. */
export function planLines({ plan }: RemediationRecord, stream: Stream): string[] {
  if (!plan) return [];
  return [
    paint('bold', 'Plan', stream),
    ...plan.lines.map((line) => `  ${line}`),
    ...(plan.downtime === '' ? [] : [`  Downtime: ${plan.downtime}`]),
    ...plan.losses.map((loss) => `  Lost: ${loss}`),
    ...(plan.costs ?? []).map((cost) => `  Cost: ${cost}`),
  ];
}

/** How it ended, in a few lines: the verdict, RDP before and after, what to do next. */
export function endLines(record: RemediationRecord, stream: Stream): string[] {
  const { outcome, vm, startedAt, endedAt, probeBefore, probeAfter, advice, refusals, warnings, errors } =
    record;
  if (!outcome) return [`${vm.name}: ${PHASES[record.phase]}, since ${startedAt}`];
  const label = OUTCOMES[outcome.kind];
  const took = endedAt === undefined ? '' : ` (${timeOf(startedAt, endedAt)})`;
  return [
    `${vm.name}: ${paint(COLOURS[label.tone], label.text, stream)}${took}. ${outcome.summary}`,
    ...(probeBefore ? [`  RDP before: ${PROBE_STATES[probeBefore.state].text}. ${probeBefore.detail}`] : []),
    ...(probeAfter ? [`  RDP after:  ${PROBE_STATES[probeAfter.state].text}. ${probeAfter.detail}`] : []),
    ...refusals.map(({ message, next }) => `  Refused: ${message} ${next}`),
    ...errors.map(({ code, message }) => `  ${paint('red', code, stream)}: ${message}`),
    ...warnings.map((warning) => `  ${paint('yellow', 'Warning', stream)}: ${warning}`),
    ...keptLines(record),
    `  Downtime: ${viewDowntime(record).short}`,
    ...advice.flatMap((line) => [`  Next: ${line}`, ...typedFor(line, record)]),
  ];
}

/** What to type for one line of the advice: where several ways are told, the first; the report has all of them. */
function typedFor(advice: string, { instructions = [] }: RemediationRecord): string[] {
  const [first] = instructions.find(({ words }) => words === advice)?.commands ?? [];
  return (first?.lines ?? []).map((line) => `    ${line}`);
}

function keptLines({ snapshot, originalDisk }: RemediationRecord): string[] {
  return [
    ...(snapshot ? [`  Snapshot ${snapshot.name}, kept until ${snapshot.expiresAt}`] : []),
    ...(originalDisk ? [`  Original disk, kept until ${originalDisk.keptUntil}: ${originalDisk.id}`] : []),
  ];
}
