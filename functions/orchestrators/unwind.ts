import { toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { describeUndo, isCritical } from '../../shared/repair/undo.ts';
import { complete, type Steps } from './durable.ts';
import { putOriginalOsDiskBack } from './restore-os-disk.ts';
import { announce, saveRecord, type Run } from './run.ts';

/**
 * Takes back what was done, last in, first out, so that the VM ends as it was found. Every failure is kept in the
 * record; after a critical one nothing more is tried. Gives back whether all of it worked.
 */
export function* unwind(run: Run): Steps<boolean> {
  if (run.undo.length === 0) return true;
  announce(run.context, run.record, 'undo');
  for (let undo = run.undo.pop(); undo; undo = run.undo.pop()) {
    try {
      yield* takeBack(run, undo);
      run.record.undo.push({ description: describeUndo(undo), done: true });
    } catch (error) {
      const problem = toProblem(error);
      run.record.undo.push({ description: describeUndo(undo), done: false, error: problem });
      run.record.errors.push(problem);
      if (isCritical(undo)) return false;
    }
  }
  yield* saveRecord(run);
  return run.record.undo.every(({ done }) => done);
}

function* takeBack(run: Run, undo: Undo): Steps<void> {
  switch (undo.kind) {
    case 'put-security-rule':
      return yield* complete(run.context, ACTIVITIES.beginPutSecurityRule, { rule: undo.rule });
    case 'delete-security-rule':
      return yield* complete(run.context, ACTIVITIES.beginDeleteSecurityRule, { rule: undo.rule });
    case 'start-vm':
      return yield* complete(run.context, ACTIVITIES.beginStart, { vmId: undo.vmId });
    case 'restore-os-disk':
      return yield* putOriginalOsDiskBack(run, undo);
  }
}
