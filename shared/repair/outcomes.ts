import type { Done } from '../causes/cause.ts';
import { VERBS, type Change, type Written } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import { wordsOfWritten } from './written.ts';

/** Words of an outcome after which nothing more is to be done for that change. */
export function isGood({ change, outcome }: Done): boolean {
  return change.do === 'registry'
    ? outcome.word === 'written' || outcome.word === 'stands'
    : VERBS[change.do].good.includes(outcome.word);
}

/** A change in a few words, for people. */
export function describeChange(change: Change): string {
  if (change.do !== 'registry') return VERBS[change.do].does;
  const where = `${change.set === '' ? 'SOFTWARE' : change.set}\\${change.path}`;
  return change.after === null
    ? `remove ${change.name} from ${where}`
    : `set ${change.name} in ${where} to ${String(change.after.data)}`;
}

/** What did not come about, as findings: a refusal is told, never taken for done. */
export function findingsOfOutcomes(done: readonly Done[]): Finding[] {
  return done
    .filter((one) => !isGood(one))
    .map(({ change, outcome }) => ({
      code: 'ChangeNotDone',
      severity: 'warning' as const,
      detail: `Windows refused this change: ${describeChange(change)}`,
      data: {
        outcome: outcome.word,
        ...(outcome.error === null ? {} : { error: outcome.error.code, message: outcome.error.text }),
      },
    }));
}

/** What was written, in the words of the report; a word of a guest that is not ours stays what it is. */
export function actionsOf(done: readonly Pick<Done, 'outcome'>[]): Written[] {
  return done.flatMap(({ outcome }) =>
    outcome.wrote.map((written) => ({ ...written, what: wordsOfWritten(written.what) })),
  );
}

/** A small fact that a verb told, of the last change that told it. */
export function toldBy(done: readonly Done[], name: string): string | number | boolean | undefined {
  return done.flatMap(({ outcome }) => outcome.data).findLast((fact) => fact.name === name)?.value;
}

/** Whether any of these wrote anything. */
export function wroteSomething(done: readonly Done[]): boolean {
  return done.some(({ outcome }) => outcome.wrote.length > 0);
}

/** Whether these changes may leave Group Policy held off, whatever becomes of their answer. */
export function mayHoldPolicyOff(changes: readonly Change[]): boolean {
  return changes.some(
    (change) => change.do === 'registry' && change.path.toLowerCase() === 'services\\gpsvc',
  );
}

/** Whether these changes only give Windows back what an earlier one took: then there is nothing to take back. */
export function givesOnlyBack(changes: readonly Change[]): boolean {
  return changes.every((change) => change.do === 'Refresh-Policy');
}
