import { isSuperseded, problem, toProblem } from '../../shared/errors.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { restoreByHand } from '../../shared/repair/restore-by-hand.ts';
import { describeUndo, bringsUp, isCritical } from '../../shared/repair/undo.ts';
import { bringUp } from './bring-up.ts';
import { now, persist, type Steps } from './durable.ts';
import { putOriginalOsDiskBack } from './restore-os-disk.ts';
import { announce, saveRecord, type Run } from './run.ts';
import { takeRuleBack } from './security-rules.ts';
import { startAsFound } from './vm-power.ts';

/**
 * Takes back what was done, last in, first out, so that the VM ends as it was found. Every failure is kept in the
 * record; after a critical one nothing more is tried. Gives back whether all of it worked.
 */
export function* unwind(run: Run): Steps<boolean> {
  const { undo: list, record, context } = run;
  run.forward = false;
  if (list.length === 0) return true;
  announce(context, record, 'undo');
  for (let undo = list.at(-1); undo; undo = list.at(-1)) {
    const told = { kind: undo.kind, description: describeUndo(undo) };
    try {
      const leftAlone = yield* takeBack(run, undo);
      if (leftAlone === '') record.undo.push({ ...told, done: true });
      else {
        record.undo.push({ ...told, description: `${told.description}: ${leftAlone}`, done: true });
        record.advice.push(`Look at your rules: ${leftAlone}.`);
      }
    } catch (error) {
      record.undo.push({ ...told, done: false, error: toProblem(error) });
      record.errors.push(toProblem(error));
      if (isSuperseded(error)) throw error;
      if (isCritical(undo)) leaveTheRest(run);
      if (undo.kind === 'restore-os-disk') record.advice.push(...restoreByHand(run.vm, undo, error));
    }
    // Only now: whoever takes over in the middle of it does it once more.
    list.pop();
    yield* saveRecord(run);
  }
  const asFound = record.undo.every(({ done }) => done);
  if (asFound && run.ofOriginal) {
    const { warnings, ...known } = run.ofOriginal;
    Object.assign(run, known);
    record.warnings = [...warnings, ...run.downtimes];
  }
  yield* saveRecord(run);
  return asFound;
}

/** Without its own OS disk under it, the VM is not started. */
function leaveTheRest({ undo, record }: Run): void {
  const notTried = problem(
    'RestoreFailed',
    'Not tried: the OS disk on which the VM was found is not under it.',
  );
  for (const left of undo.splice(0, undo.length - 1).reverse())
    record.undo.push({ kind: left.kind, description: describeUndo(left), done: false, error: notTried });
}

/** Gives back why something was left alone; nothing where it was taken back. */
function* takeBack(run: Run, undo: Undo): Steps<string> {
  let leftAlone = '';
  let since: string | null = null;
  const once = function* (): Steps<void> {
    const firstTry = since;
    since ??= now(run.context);
    leftAlone = yield* takeBackOnce(run, undo, firstTry);
  };
  yield* bringsUp(undo) ? bringUp(run, once) : persist(run.context, once);
  return leftAlone;
}

function* takeBackOnce(run: Run, undo: Undo, since: string | null): Steps<string> {
  switch (undo.kind) {
    case 'delete-security-rule':
      return yield* takeRuleBack(run, undo);
    case 'start-vm':
      yield* startAsFound(run, undo, since);
      return '';
    case 'restore-os-disk':
      yield* putOriginalOsDiskBack(run, undo);
      return '';
  }
}
