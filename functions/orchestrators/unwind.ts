import { isSuperseded, problem, toProblem } from '../../shared/errors.ts';
import type { OutcomeKind } from '../../shared/model/record.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { advise, inWords } from '../../shared/repair/advice.ts';
import { restoreByHand } from '../../shared/repair/restore-by-hand.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import {
  bringsUp,
  describeUndo,
  isCritical,
  isKept,
  undoByHand,
  type TakenBack,
} from '../../shared/repair/undo.ts';
import { awaitAgent } from './await-agent.ts';
import { bringUp } from './bring-up.ts';
import { now, persist, type Steps } from './durable.ts';
import { probe } from './look.ts';
import { learnAddressesIfPossible } from './public-address.ts';
import { bringPolicyBack } from './repair-online.ts';
import { putOriginalOsDiskBack } from './restore-os-disk.ts';
import { announce, mandateOf, saveRecord, type Run } from './run.ts';
import { takeRuleBack } from './security-rules.ts';
import { SOME_SCRIPTS, takeChangesBack } from './take-changes-back.ts';
import { startAsFound } from './vm-power.ts';

/**
 * Takes back what was done, last in, first out, so that the VM ends as it was found; where the remediation ends in a way that keeps
 * its changes, only what brings the VM up. Every failure is kept in the record; after a critical one nothing more is tried. Gives
 * back whether all of it worked, but for changes in Windows: those that stay are told.
 */
export function* unwind(run: Run, outcome: OutcomeKind): Steps<boolean> {
  const { undo: list, record, context } = run;
  run.forward = false;
  yield* keepWhatHelped(run, outcome);
  const wasChanged = list.length > 0;
  if (wasChanged) announce(context, record, 'undo');
  for (let undo = list.at(-1); undo; undo = list.at(-1)) {
    const told = { kind: undo.kind, description: describeUndo(undo), startedAt: now(context) };
    try {
      const { leftAlone, actions = [], evidence = [] } = yield* takeBack(run, undo);
      const description = leftAlone === undefined ? told.description : `${told.description}: ${leftAlone}`;
      record.undo.push({
        ...told,
        endedAt: now(context),
        description,
        done: true,
        actions: [...actions],
        evidence: [...evidence],
      });
      if (leftAlone !== undefined) advise(record, [inWords(`Check what remains: ${leftAlone}.`)]);
    } catch (error) {
      record.undo.push({ ...told, endedAt: now(context), done: false, error: toProblem(error) });
      record.errors.push(toProblem(error));
      if (isSuperseded(error)) throw error;
      if (isCritical(undo)) leaveTheRest(run, () => true, 'the original OS disk is not attached to the VM');
      if (undo.kind === 'restore-os-disk') advise(record, restoreByHand(run.vm, undo, error));
      if (undo.kind === 'undo-guest-changes') leaveChanges(run);
    }
    if (undo.kind === 'start-vm')
      record.undo.at(-1)?.actions?.push(...(yield* learnAddressesIfPossible(run)));
    // Only now: whoever takes over in the middle of it does it once more.
    list.pop();
    yield* saveRecord(run);
  }
  const asFound = record.undo.every(({ done, kind }) => done || kind === 'undo-guest-changes');
  if (asFound && wasChanged && run.ofOriginal) {
    const { warnings, ...known } = run.ofOriginal;
    Object.assign(run, known);
    record.warnings = [...warnings, ...run.downtimes];
  }
  yield* leaveWindowsWell(run);
  yield* saveRecord(run);
  return asFound;
}

/** What helped stays, also where the repair broke off afterwards: a VM that answers again is not taken back. */
function* keepWhatHelped(run: Run, outcome: OutcomeKind): Steps<void> {
  const { undo, record } = run;
  let ended = outcome;
  if (undo.some((one) => !isKept(one, outcome) && one.kind === 'undo-guest-changes') && (yield* probe(run))) {
    ended = 'healthy';
    record.warnings.push('RDP works now, so the changes were kept.');
  }
  undo.splice(0, undo.length, ...undo.filter((one) => !isKept(one, ended)));
}

/** Group Policy is not left off, whatever became of the repair; and what RDP says is asked once more where Windows was changed back. */
function* leaveWindowsWell(run: Run): Steps<void> {
  const { context, record, vm } = run;
  const waiting = mandateOf(run);
  try {
    if (run.policyHeldOff && (yield* awaitAgent(context, { vmId: vm.vmId, waiting }, TIMING.agentLimit)))
      yield* bringPolicyBack(run, false);
    if (record.undo.some(({ kind, done }) => kind === 'undo-guest-changes' && done)) yield* probe(run);
  } catch (error) {
    if (isSuperseded(error)) throw error;
    // The VM may be gone by now; what we made is deleted all the same.
    record.errors.push(toProblem(error));
  }
}

/** Those of the earlier undos that are not tried any more, since a later one failed. */
function leaveTheRest({ undo, record }: Run, which: (undo: Undo) => boolean, why: string): void {
  const earlier = undo.slice(0, -1);
  const error = problem('RestoreFailed', `Not tried: ${why}.`);
  for (const left of earlier.filter(which).reverse())
    record.undo.push({ kind: left.kind, description: describeUndo(left), done: false, error });
  undo.splice(0, earlier.length, ...earlier.filter((one) => !which(one)));
}

/** Earlier changes are not taken back below later ones that stay. */
function leaveChanges(run: Run): void {
  const runs = run.undo.flatMap((one) => (one.kind === 'undo-guest-changes' ? [one.run] : []));
  leaveTheRest(run, ({ kind }) => kind === 'undo-guest-changes', 'later changes in Windows remain');
  advise(run.record, [undoByHand(runs.reverse())]);
}

function* takeBack(run: Run, undo: Undo): Steps<TakenBack> {
  let back: TakenBack = {};
  let since: string | null = null;
  const once = function* (): Steps<void> {
    const firstTry = since;
    since ??= now(run.context);
    back = yield* takeBackOnce(run, undo, firstTry);
  };
  if (bringsUp(undo)) yield* bringUp(run, once);
  else if (undo.kind === 'undo-guest-changes') yield* persist(run.context, once, SOME_SCRIPTS);
  else yield* persist(run.context, once);
  return back;
}

function* takeBackOnce(run: Run, undo: Undo, since: string | null): Steps<TakenBack> {
  switch (undo.kind) {
    case 'delete-security-rule':
      return yield* takeRuleBack(run, undo);
    case 'undo-guest-changes':
      return yield* takeChangesBack(run, undo);
    case 'start-vm':
      yield* startAsFound(run, undo, since);
      return {};
    case 'restore-os-disk':
      yield* putOriginalOsDiskBack(run, undo);
      return {};
  }
}
