import { isUnsure, MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Deed } from '../../shared/model/expected.ts';
import type { GuestAction } from '../../shared/model/finding.ts';
import type { VmDefinition } from '../../shared/model/rebuild.ts';
import type { UndoOf } from '../../shared/model/undo.ts';
import { refusesSwap } from '../../shared/repair/swap-refusal.ts';
import { carryOut, lookAgain, prepare, standingOf } from './deed.ts';
import { act, now, type Steps } from './durable.ts';
import { putAside, reclaimCopy, releaseOriginal } from './put-aside.ts';
import type { Run, StepDraft } from './run.ts';
import { deallocate, deallocateStopped } from './vm-power.ts';

type RestoreUndo = UndoOf<'restore-os-disk'>;
/** A disk to put under the VM; but for a copy that was just made, that very one. */
type Wanted = Pick<RestoreUndo, 'diskId' | 'kept'> & { diskUniqueId: string | null };
/** Told of the deed that takes the original away, before it is asked for. */
type Register = (deed: Deed) => Steps<void>;

/**
 * Puts another OS disk under the VM, which is down: by a swap, or, where the request names it, by building the VM again around it.
 * How to get the original back is registered before it goes, and each disk is tagged by then as what it is afterwards. Gives back
 * false where Azure refuses the swap: then nothing was changed, and nothing else is tried.
 * @throws MedicError `Moved`, `LossesNotAccepted`.
 */
export function* putOsDiskUnderVm(
  run: Run,
  draft: StepDraft,
  wanted: Wanted,
  originalDiskId: string,
): Steps<boolean> {
  const { vm, input } = run;
  const way = input.request.options.restoreWay;
  const definition = way === 'rebuild' ? yield* keepDefinition(run, draft) : null;
  const register: Register = function* ({ vmId, intent, expected }) {
    // One that was refused has changed nothing.
    if (run.undo.at(-1)?.kind === 'restore-os-disk') run.undo.pop();
    const undo: RestoreUndo = {
      kind: 'restore-os-disk',
      schema: 1,
      vmId,
      intent,
      expected,
      diskId: originalDiskId,
      diskUniqueId: expected.osDiskUniqueId,
      copyId: wanted.diskId,
      ...(wanted.kept && { kept: wanted.kept }),
      way,
      definition,
    };
    run.undo.push(undo);
    yield* putAside(run, undo);
  };
  const exchange: GuestAction = {
    what: way === 'swap' ? 'swap-os-disk' : 'rebuild-vm',
    target: vm.name,
    before: originalDiskId,
    after: wanted.diskId,
  };
  try {
    if (definition) yield* rebuild(run, definition, wanted, register);
    else if (!(yield* isSwapped(run, draft, wanted, register))) return false;
  } catch (error) {
    if (mayStandOnIt(run, error)) draft.actions.push(exchange);
    throw error;
  }
  draft.actions.push(exchange);
  return true;
}

function mayStandOnIt({ asked }: Run, error: unknown): boolean {
  if (!(error instanceof MedicError)) return false;
  if (asked?.kind === 'recreate-vm' && error.code === 'AzureConflict') return true;
  const putsItUnder = asked?.kind === 'swap-os-disk' || asked?.kind === 'recreate-vm';
  return putsItUnder && isUnsure(error);
}

/** Of a refusal Azure speaks at once, or at the end of the operation. A VM that is merely stopped is then deallocated, once. */
function* isSwapped(run: Run, draft: StepDraft, wanted: Wanted, register: Register): Steps<boolean> {
  try {
    yield* swap(run, wanted, register);
    return true;
  } catch (error) {
    if (!isSwapRefusal(run, error)) throw error;
    if (run.expected?.power === 'stopped') {
      run.record.warnings.push(
        `Azure did not swap the OS disk of ${run.vm.name} while it was stopped, so the VM was deallocated: data on its temporary disk and a dynamic public address are lost. ${toProblem(error).message}`,
      );
      yield* deallocateStopped(run, draft);
      return yield* isSwapped(run, draft, wanted, register);
    }
    const refused = toProblem(new MedicError('SwapRefused', toProblem(error).message));
    draft.state = 'failed';
    draft.error = refused;
    run.record.errors.push(refused);
    return false;
  }
}

function isSwapRefusal({ expected }: Run, error: unknown): boolean {
  if (!(error instanceof MedicError)) return false;
  if (error.code === 'SwapRefused') return true;
  return error.code === 'OperationFailed' && refusesSwap(error.message, expected?.power ?? '');
}

/**
 * Takes `putOsDiskUnderVm` back. Harmless where it was never begun, and where it was taken back already. A VM that is gone is built
 * again only where we deleted it.
 * @throws MedicError `Moved` where somebody else gave the VM another disk; `VmNotFound` where somebody else deleted it.
 */
export function* putOriginalOsDiskBack(run: Run, undo: RestoreUndo): Steps<void> {
  try {
    yield* putBack(run, undo);
  } finally {
    yield* reclaimCopy(run, undo);
  }
  yield* releaseOriginal(run, undo.diskId);
}

function* putBack(run: Run, undo: RestoreUndo): Steps<void> {
  const { now: standing, begun } = yield* standingOf(run, undo, true);
  if (!begun || standing?.osDiskId === undo.diskId.toLowerCase()) return;
  yield* lookAgain(run);
  if (standing?.power === 'running') tellWhatIsGivenUp(run, undo.copyId);
  if (undo.way === 'rebuild') {
    if (!undo.definition) throw new MedicError('RestoreFailed', 'The definition of the VM is not known.');
    if (standing) yield* rebuild(run, undo.definition, undo);
    else yield* recreate(run, undo.definition, undo);
    return;
  }
  if (run.expected?.power !== 'deallocated') yield* deallocate(run);
  yield* swap(run, undo);
}

/** A Windows that nobody heard of has written to its disk all the same. The warning outlives the way back. */
function tellWhatIsGivenUp({ record, ofOriginal, context }: Run, copyId: string): void {
  const since = record.steps.find(({ id }) => id === 'restore')?.startedAt ?? record.startedAt;
  const warning = `The VM ran on the repaired copy ${copyId}, but Windows gave no sign of life. Anything written there from ${since} to ${now(context)} is lost by the rollback.`;
  record.warnings.push(warning);
  ofOriginal?.warnings.push(warning);
}

function* swap(run: Run, { diskId, diskUniqueId }: Wanted, register?: Register): Steps<void> {
  const deed = yield* prepare(run, 'swap-os-disk', diskId);
  if (register) yield* register(deed);
  yield* carryOut(run, ACTIVITIES.beginSwapOsDisk, { ...deed, diskId, diskUniqueId });
}

function* keepDefinition(run: Run, draft: StepDraft): Steps<VmDefinition> {
  const { vm, record, input } = run;
  const { definition, evidence } = yield* act(run.context, ACTIVITIES.keepVmDefinition, {
    vmId: vm.vmId,
    remediationId: record.id,
    acceptLosses: input.request.options.acceptLosses,
  });
  draft.evidence.push(evidence);
  return definition;
}

function* rebuild(run: Run, definition: VmDefinition, disk: Wanted, register?: Register): Steps<void> {
  const detach = yield* prepare(run, 'detach-on-delete');
  yield* carryOut(run, ACTIVITIES.beginDetachOnDelete, detach);
  const remove = yield* prepare(run, 'delete-vm');
  if (register) yield* register(remove);
  yield* carryOut(run, ACTIVITIES.beginDeleteVm, remove);
  yield* recreate(run, definition, disk);
}

function* recreate(run: Run, definition: VmDefinition, { diskId, diskUniqueId }: Wanted): Steps<void> {
  const { deletedBy } = run;
  if (deletedBy === undefined)
    throw new MedicError('VmNotFound', `${run.vm.name} no longer exists, and this repair did not delete it.`);
  const deed = yield* prepare(run, 'recreate-vm', diskId);
  yield* carryOut(run, ACTIVITIES.beginRecreateVm, {
    ...deed,
    osDiskId: diskId,
    diskUniqueId,
    definition,
    deletedBy,
  });
}

/** The copy was just made, from what it was to be made from. */
export function asMade(diskId: string): Wanted {
  return { diskId, diskUniqueId: null };
}
