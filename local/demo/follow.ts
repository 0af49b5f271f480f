import type { GuestAction } from '../../shared/model/finding.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  remediationRecordSchema,
  type RemediationRecord,
  type StepRecord,
} from '../../shared/model/record.ts';
import type { Stage } from '../stage.ts';
import { duration, paint, say } from './screen.ts';

const SIGNS: Record<StepRecord['state'], string> = {
  running: '…',
  done: '·',
  fixed: '✔',
  'not-needed': '·',
  skipped: '–',
  failed: '✘',
};

const INDENT = ' '.repeat(32);
/** A disk repair makes two dozen; the report has them all. */
const MOST_ACTIONS = 6;

/** Follows a remediation by the service's own API, and tells each step as it ends. Gives back its record. */
export async function follow(stage: Stage, id: string): Promise<RemediationRecord> {
  for (let told = 0; ;) {
    await sleep(150);
    const answer = await stage.call('GET', `/api/remediations/${id}`);
    const read = remediationRecordSchema.safeParse(await answer.json());
    if (!read.success) continue;
    const record = read.data;
    const ended = record.steps.filter(({ endedAt }) => endedAt !== undefined);
    for (const step of ended.slice(told)) tell(record, step);
    told = ended.length;
    if (record.outcome) return record;
  }
}

function tell({ vm, startedAt }: RemediationRecord, step: StepRecord): void {
  if (step.state === 'not-needed') return;
  const at = duration(Date.parse(step.startedAt) - Date.parse(startedAt));
  const took = duration(Date.parse(step.endedAt ?? step.startedAt) - Date.parse(step.startedAt));
  const sign = paint(
    step.state === 'failed' ? 'red' : step.state === 'fixed' ? 'green' : 'dim',
    SIGNS[step.state],
  );
  say(
    `${at.padStart(6)}  ${paint('cyan', vm.name.padEnd(20))} ${sign} ${step.title} ${paint('dim', `(${took})`)}`,
  );
  for (const { severity, detail, code } of step.findings)
    if (severity === 'fault') say(`${INDENT}found: ${detail || code}`);
  for (const action of step.actions.slice(0, MOST_ACTIONS))
    say(paint('dim', `${INDENT}did: ${describe(action)}`));
  const more = step.actions.length - MOST_ACTIONS;
  if (more > 0) say(paint('dim', `${INDENT}did: and ${String(more)} more, see the report`));
  if (step.probe) say(`${INDENT}RDP: ${step.probe.detail}`);
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
