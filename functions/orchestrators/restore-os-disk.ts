import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { RestoreWay } from '../../shared/model/request.ts';
import type { Undo } from '../../shared/model/undo.ts';
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

/** Takes `putOsDiskUnderVm` back. Harmless where it never happened, and where it was taken back already. */
export function* putOriginalOsDiskBack(run: Run, undo: RestoreUndo): Steps<void> {
  const { context } = run;
  if ((yield* currentOsDisk(run)) === undo.diskId.toLowerCase()) return;
  if (undo.way === 'swap') yield* complete(context, ACTIVITIES.beginDeallocate, { vmId: undo.vmId });
  yield* place(run, undo);
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
      if (!(error instanceof MedicError) || error.code !== 'SwapRefused') throw error;
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
