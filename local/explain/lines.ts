import type { Cause } from '../../shared/causes/cause.ts';
import type { Change, OutcomeOfChange } from '../../shared/model/change.ts';
import type { Facts } from '../../shared/model/facts.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { wordsOfChange, type ChangeWords } from '../../shared/repair/plan-words.ts';
import { plainName } from '../../shared/repair/plain-name.ts';

const SEVERITIES: readonly Finding['severity'][] = ['fault', 'warning', 'info'];

/** Which Windows it is, and when it was looked at. */
export function windowsLine({ windows, scope, at }: Facts): string {
  const where = scope === 'online' ? 'running' : 'on a disk';
  const name = plainName(windows.computer) || 'unnamed Windows';
  return `${name}: ${plainName(windows.name)}, build ${windows.build}, ${where}, as it was at ${at}`;
}

/** What was found, the faults first. */
export function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['No fault found.'];
  const rows = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const width = Math.max(...rows.map(({ cause = '' }) => cause.length));
  return [
    rows.some(({ severity }) => severity === 'fault') ? 'Found:' : 'No fault found, but note:',
    ...rows.map(
      ({ severity, cause = '', detail, data }) =>
        `  ${severity.padEnd(7)}  ${cause.padEnd(width)}  ${detail}${told(data)}`,
    ),
  ];
}

/** Values come from the guest. */
function told(data: Finding['data']): string {
  const facts = Object.entries(data).map(([name, value]) => `${name} ${plainName(String(value))}`);
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

/** What would be done, and when it counts. */
export function changeLines(changes: readonly Change[], causes: readonly Cause[]): string[] {
  if (changes.length === 0) return ['Nothing would be changed.'];
  const restarts = causes.filter(({ takesEffect }) => takesEffect === 'with-restart-of-vm');
  const words = changes.map(wordsOfChange);
  return [
    'Changes, in this order:',
    ...words.flatMap(oneChange),
    'In which',
    ...meanings(words),
    ...(restarts.length === 0
      ? []
      : [
          `Takes effect after a restart of the VM: ${restarts.map(({ id }) => id).join(', ')}. Diagnose again afterwards.`,
        ]),
  ];
}

function oneChange({ will, details, asSeen, writes, mayEndAs }: ChangeWords, index: number): string[] {
  const more = [...details, ...(asSeen === undefined ? [] : [`seen: ${plainName(asSeen)}`])];
  return [
    `  ${index + 1}. ${will}${more.length === 0 ? '' : ` (${more.join('; ')})`}`,
    ...(writes.length === 0 ? [] : [`     may write: ${writes.join('; ')}`]),
    `     possible results: ${mayEndAs.map(({ word }) => word).join(', ')}`,
  ];
}

/** Each word once, with what it means. */
function meanings(changes: readonly ChangeWords[]): string[] {
  const all = changes.flatMap(({ mayEndAs }) => mayEndAs.map(({ word, meaning }) => `${word}: ${meaning}`));
  return [...new Set(all)].map((line) => `  ${line}`);
}

/** What only a person can mend. */
export function adviceLines(causes: readonly Cause[]): string[] {
  if (causes.length === 0) return [];
  return ['', 'Not repaired by any script:', ...causes.map(({ id, words }) => `  ${id}: ${words.guidance}`)];
}

/** What an answer of `apply` says about its changes. */
export function outcomeLines(outcomes: readonly OutcomeOfChange[]): string[] {
  if (outcomes.length === 0) return [];
  return [
    'Changes made:',
    ...outcomes.map(
      ({ change, do: kind, word, error }) =>
        `  ${change + 1}. ${plainName(kind)}: ${word}${error === null ? '' : ` (error ${error.code}, ${plainName(error.text)})`}`,
    ),
    '',
  ];
}
