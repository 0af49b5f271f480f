import type { Result } from '../../shared/errors.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { Maker } from '../../shared/model/mandate.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { beginSub, now, valueOf, type Steps } from './durable.ts';
import { makerOf, rescueGroupOf, type Run } from './run.ts';

const { buildRescueVm } = SUB_ORCHESTRATIONS;

/**
 * Runs a sub-orchestration and begins with it to build the rescue VM, which goes on afterwards: `builtAhead` waits for it. What
 * became of that is no matter of what runs beside it; nor is it worth a wait for quota, as long as it may not be needed.
 * @throws MedicError.
 */
export function* besideRescueVm<Input, Output>(
  run: Run,
  contract: DurableCall<Input, Output>,
  input: Input,
): Steps<Output> {
  const { df } = run.context;
  const work = beginSub(run.context, contract, input);
  const building = beginSub(run.context, buildRescueVm, {
    ...rescueVmOf(run),
    waitsForQuota: false,
  });
  run.rescueVm = { task: building, since: now(run.context) };
  yield df.Task.any([work, building]);
  return valueOf(contract.parseAnswer(work.isCompleted ? work.result : yield work));
}

/** What a rescue VM is made for, where, and by whom. */
export interface RescueVmInput extends Maker {
  vm: Inspection;
  rescueGroup: string;
}

/** What a rescue VM is made by. */
export function rescueVmOf(run: Run): RescueVmInput {
  return { ...makerOf(run), vm: run.vm, rescueGroup: rescueGroupOf(run) };
}

/** What became of the rescue VM that was begun ahead; `undefined` where none was. Nothing is cleaned up before. */
export function* builtAhead(
  run: Run,
): Steps<Result<{ vmId: string; size: string; refused: string[] }> | undefined> {
  const { rescueVm } = run;
  run.rescueVm = undefined;
  if (!rescueVm) return undefined;
  const { task } = rescueVm;
  return buildRescueVm.parseAnswer(task.isCompleted ? task.result : yield task);
}
