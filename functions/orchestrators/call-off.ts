import { toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { advise } from '../../shared/repair/advice.ts';
import { startVm } from '../../shared/repair/azure-commands.ts';
import { act, type Steps } from './durable.ts';
import { conclude, type Conclusion } from './conclude.ts';
import type { Run } from './run.ts';
import { unwind } from './unwind.ts';

/** Takes back what was done, at a safe point: no Azure operation is under way. */
export function* callOff(run: Run, reason: unknown): Steps<Conclusion> {
  const { record, context, undo, vm } = run;
  record.errors.push(toProblem(reason));
  const { cancellation } = yield* act(context, ACTIVITIES.readControl, { remediationId: record.id });
  if (cancellation) record.cancelled = cancellation;
  const first = undo.findIndex(({ kind }) => kind === 'start-vm');
  if (cancellation?.leaveStopped && first >= 0) {
    undo.splice(first, 1);
    advise(record, [
      { words: 'The VM was left stopped, as requested. Start it when you are ready.', commands: startVm(vm) },
    ]);
  }
  const asFound = yield* unwind(run, 'cancelled');
  return yield* conclude(run, asFound ? 'cancelled' : 'failed');
}
