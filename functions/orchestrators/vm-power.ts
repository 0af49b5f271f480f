import { ACTIVITIES } from '../../shared/model/activity.ts';
import { complete, persist, type Steps } from './durable.ts';
import type { Run, StepDraft } from './run.ts';

/**
 * Takes the VM down, so that its disk stands still. How to start it again is registered first. Afterwards `run.expected` is how it
 * stands down: what everything that follows compares with.
 * @throws MedicError `Moved` where somebody changed it since it was last looked at.
 */
export function* takeDown(run: Run, draft: StepDraft): Steps<void> {
  const { context, vm } = run;
  run.undo.push({ kind: 'start-vm', vmId: vm.vmId });
  draft.actions.push({ what: 'deallocate-vm', target: vm.name, before: 'running', after: 'deallocated' });
  yield* complete(context, ACTIVITIES.beginDeallocate, { vmId: vm.vmId });
}

/** Starts the VM that we took down. @throws MedicError, the last one, when it was tried some times. */
export function* startAgain(run: Run): Steps<void> {
  yield* persist(run.context, () => complete(run.context, ACTIVITIES.beginStart, { vmId: run.vm.vmId }));
}

/** Restarts the VM, which goes on being up whatever happens on the way: one that breaks off is started. */
export function* restartVm(run: Run, draft: StepDraft): Steps<void> {
  const { vmId, name } = run.vm;
  draft.actions.push({ what: 'restart-vm', target: name, before: null, after: null });
  // A restart that breaks off in the middle would leave the VM stopped.
  run.undo.push({ kind: 'start-vm', vmId });
  yield* complete(run.context, ACTIVITIES.beginRestart, { vmId });
  run.undo.pop();
}
