import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { RestoreWay } from '../../shared/model/request.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { refusesSwap } from '../../shared/repair/swap-refusal.ts';
import { act, complete, type Steps } from './durable.ts';
import type { Run, StepDraft } from './run.ts';

type RestoreUndo = Extract<Undo, { kind: 'restore-os-disk' }>;

/**
 * Puts another OS disk under the VM: by a swap, or, on request or where Azure refuses the swap, by building the VM
 * again around it. How to get the original back is registered before the first change.
 */
export function* putOsDiskUnderVm(
  run: Run,
  draft: StepDraft,
  diskId: string,
  originalDiskId: string,
): Steps<void> {
  const { context, vm, input } = run;
  const { definition } = yield* act(context, ACTIVITIES.readVmDefinition, { vmId: vm.vmId });
  const undo: RestoreUndo = {
    kind: 'restore-os-disk',
    vmId: vm.vmId,
    diskId: originalDiskId,
    way: input.request.options.restoreWay,
    definition,
  };
  run.undo.push(undo);
  undo.way = yield* place(run, { ...undo, diskId });
  draft.actions.push({
    what: undo.way === 'swap' ? 'swap-os-disk' : 'rebuild-vm',
    target: vm.name,
    before: originalDiskId,
    after: diskId,
  });
}

/**
 * Takes `putOsDiskUnderVm` back. Harmless where it never happened, and where it was taken back already. A VM that is
 * gone (a rebuild broke off, perhaps after a refused swap) can only be built again.
 */
export function* putOriginalOsDiskBack(run: Run, undo: RestoreUndo): Steps<void> {
  const { context } = run;
  const found = yield* currentOsDisk(run);
  if (found === undo.diskId.toLowerCase()) return;
  const way = found === undefined ? 'rebuild' : undo.way;
  if (way === 'swap') yield* complete(context, ACTIVITIES.beginDeallocate, { vmId: undo.vmId });
  yield* place(run, { ...undo, way });
  const current = yield* currentOsDisk(run);
  if (current !== undo.diskId.toLowerCase()) {
    throw new MedicError(
      'RestoreFailed',
      `The VM stands on ${current ?? 'no disk'}, not on its original OS disk ${undo.diskId}.`,
    );
  }
}

function* place({ context }: Run, { vmId, diskId, way, definition }: RestoreUndo): Steps<RestoreWay> {
  if (way === 'swap') {
    try {
      yield* complete(context, ACTIVITIES.beginSwapOsDisk, { vmId, diskId });
      return 'swap';
    } catch (error) {
      if (!isSwapRefusal(error)) throw error;
    }
  }
  if (!definition)
    throw new MedicError(
      'RestoreFailed',
      'The definition of the VM is not known, so it cannot be built again.',
    );
  yield* complete(context, ACTIVITIES.beginDetachOnDelete, { vmId });
  yield* complete(context, ACTIVITIES.beginDeleteVm, { vmId, unlessOnDiskId: diskId });
  yield* complete(context, ACTIVITIES.beginRecreateVm, { vmId, definition, osDiskId: diskId });
  return 'rebuild';
}

/** Azure says so at once, or at the end of the operation. */
function isSwapRefusal(error: unknown): boolean {
  if (!(error instanceof MedicError)) return false;
  return error.code === 'SwapRefused' || (error.code === 'OperationFailed' && refusesSwap(error.message));
}

/** Lower-cased id of the OS disk under the VM; `undefined` where the VM is gone, in the middle of a rebuild. */
function* currentOsDisk({ context, vm }: Run): Steps<string | undefined> {
  try {
    const { diskId } = yield* act(context, ACTIVITIES.readOsDiskId, { vmId: vm.vmId });
    return diskId.toLowerCase();
  } catch (error) {
    if (error instanceof MedicError && error.code === 'VmNotFound') return undefined;
    throw error;
  }
}
