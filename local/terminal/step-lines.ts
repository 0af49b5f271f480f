import type { GuestAction } from '../../shared/model/finding.ts';
import type { RemediationRecord, StepRecord } from '../../shared/model/record.ts';
import { duration, paint } from './screen.ts';

const SIGNS: Record<StepRecord['state'], string> = {
  running: '…',
  done: '·',
  fixed: '✔',
  'not-needed': '·',
  skipped: '–',
  failed: '✘',
};

const COLOURS: Partial<Record<StepRecord['state'], 'red' | 'green'>> = { failed: 'red', fixed: 'green' };

const INDENT = ' '.repeat(11);
/** A disk repair makes two dozen; the report has them all. */
const MOST_ACTIONS = 6;

export interface LineOptions {
  /** Where the lines are shown: colours go where they are seen. */
  stream: NodeJS.WriteStream;
  /** Put before a step, where several remediations are followed at once. */
  of?: string;
}

/** The steps that have ended since the last call; they end in another order than they begin, since one may lie within another. */
export function endedSteps(record: RemediationRecord, told: Set<number>): StepRecord[] {
  return record.steps.filter((step, index) => {
    const isNew = step.endedAt !== undefined && !told.has(index);
    if (isNew) told.add(index);
    return isNew;
  });
}

/** What a step that has ended found, did and left, in lines for people; nothing for one that was not needed. */
export function stepLines(record: RemediationRecord, step: StepRecord, options: LineOptions): string[] {
  if (step.state === 'not-needed') return [];
  const { stream, of = '' } = options;
  const dim = (text: string): string => paint('dim', text, stream);
  const colour = COLOURS[step.state] ?? 'dim';
  const at = timeOf(record.startedAt, step.startedAt).padStart(7);
  const took = timeOf(step.startedAt, step.endedAt ?? step.startedAt);
  const name = of === '' ? '' : `${paint('cyan', of.padEnd(20), stream)} `;
  const faults = step.findings.filter(({ severity }) => severity === 'fault');
  const more = step.actions.length - MOST_ACTIONS;
  return [
    `${at}  ${name}${paint(colour, SIGNS[step.state], stream)} ${step.title} ${dim(`(${took})`)}`,
    ...faults.map(({ detail, code }) => `${INDENT}found: ${detail || code}`),
    ...step.actions.slice(0, MOST_ACTIONS).map((action) => dim(`${INDENT}did: ${describe(action)}`)),
    ...(more > 0 ? [dim(`${INDENT}did: and ${String(more)} more, see the report`)] : []),
    ...(step.error ? [`${INDENT}${paint('red', step.error.code, stream)}: ${step.error.message}`] : []),
    ...(step.probe ? [`${INDENT}RDP check: ${step.probe.detail}`] : []),
  ];
}

/** From one moment to another, as `4:05`. */
export function timeOf(from: string, to: string): string {
  return duration(Date.parse(to) - Date.parse(from));
}

function describe({ what, target, before, after }: GuestAction): string {
  const change =
    before !== null && after !== null
      ? `: ${short(before)} → ${short(after)}`
      : after !== null
        ? `: ${short(after)}`
        : '';
  return `${what.replaceAll('-', ' ')} ${short(target)}${change}`;
}

/** A resource by its name, a registry value by its end: the rest is in the report. */
function short(text: string): string {
  const name = text.startsWith('/subscriptions/') ? text.slice(text.lastIndexOf('/') + 1) : text;
  return name.length > 70 ? `…${name.slice(-69)}` : name;
}
