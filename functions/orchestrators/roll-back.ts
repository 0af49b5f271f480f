import type { OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { isOfWindows } from '../../shared/model/probe.ts';
import type { OutcomeKind } from '../../shared/model/record.ts';
import type { Rollback } from '../../shared/model/rollback.ts';
import { changedSince, planOfRollback } from '../../shared/repair/rollback.ts';
import type { Conclusion } from './conclude.ts';
import { act, now, type Steps } from './durable.ts';
import { follow } from './follow.ts';
import { decide, probeAfterStart } from './look.ts';
import { keepOriginal } from './repair-offline.ts';
import { putOsDiskUnderVm } from './restore-os-disk.ts';
import { optionalStep, step, type Run } from './run.ts';
import { snapshotOsDisk } from './snapshot.ts';
import { requireStill, startOnOtherDisk, takeDown } from './vm-power.ts';
import { registerOrchestrator } from './versions.ts';

const NOT_HEARD =
  'The VM runs on its original disk, but Windows gave no sign of life. The other disk is kept, so you can roll back to it in the same way.';

/**
 * Goes back from the disk that an earlier remediation left under the VM to the one it had before, because a person gives up what was
 * written since. Always by a swap, whichever way that disk went away: a rebuild is for VMs whose disk Azure does not swap, and loses
 * more. Should swap or start come to nothing, the VM is started on the disk on which it was found.
 */
export function* rollBack(context: OrchestrationContext): Steps<Conclusion> {
  return yield* follow(context, goBack);
}

function* goBack(run: Run): Steps<OutcomeKind> {
  const { rollback } = run.input;
  if (!rollback) throw new MedicError('NothingToRollBack', 'It does not say which disk to roll back to.');
  if (!(yield* mayGoBack(run, rollback))) return 'refused';
  yield* snapshotOsDisk(run);
  if (!(yield* putBackAndStart(run, rollback))) return 'failed';
  keepOriginal(run);
  yield* awaitWindows(run);
  return 'rolled-back';
}

/** Everything that can be known before the VM goes down. @throws MedicError `Moved`. */
function* mayGoBack(run: Run, { disk, of }: Rollback): Steps<boolean> {
  const { vm, record } = run;
  const title = 'Check the VM and its original disk';
  return yield* step(run, 'preflight', title, 'preflight', function* (draft) {
    record.plan = planOfRollback(vm, disk, run.settings);
    record.refusals.push(...(yield* decide(run, vm)).refusals);
    draft.detail = record.refusals.map(({ message }) => message).join(' ');
    if (record.refusals.length > 0 || !vm.expected) return false;
    const changed = changedSince(disk.wayBack.leftAs, vm.expected);
    if (changed.length > 0)
      throw new MedicError('Moved', `${vm.name} has changed since ${of}: ${changed.join('; ')}.`);
    yield* requireKeptDisk(run, disk);
    return true;
  });
}

/** Before the VM goes down for it. */
function* requireKeptDisk({ context }: Run, { id, wayBack }: Rollback['disk']): Steps<void> {
  const { disk } = yield* act(context, ACTIVITIES.readDisk, { diskId: id });
  if (disk?.uniqueId !== wayBack.uniqueId)
    throw new MedicError(
      'Moved',
      `The kept disk ${id} is ${disk ? 'a different disk with the same name' : 'gone'}.`,
    );
  if (disk.state !== 'Unattached')
    throw new MedicError('Moved', `The kept disk ${id} is ${disk.state}, not Unattached.`);
}

/** Gives back false where Azure refuses the swap. */
function* putBackAndStart(run: Run, { of, disk }: Rollback): Steps<boolean> {
  const { record, vm, context } = run;
  const title = 'Switch back to the original OS disk';
  return yield* step(run, 'restore', title, 'restore', function* (draft) {
    yield* takeDown(run, draft);
    yield* requireStill(run);
    if (record.rollback) record.rollback.downAt = now(context);
    const wanted = {
      diskId: disk.id,
      diskUniqueId: disk.wayBack.uniqueId,
      kept: { remediationId: of, expiresAt: disk.keptUntil },
    };
    if (!(yield* putOsDiskUnderVm(run, draft, wanted, vm.osDisk?.id ?? ''))) return false;
    yield* startOnOtherDisk(run);
    return true;
  });
}

/** Its RDP need not answer: it was at fault when that disk went away. */
function* awaitWindows(run: Run): Steps<void> {
  const title = 'Check that Windows starts';
  yield* optionalStep(run, 'verify', title, 'verify', undefined, function* (draft) {
    const { probe, agentReady } = yield* probeAfterStart(run, draft);
    if (!agentReady && !isOfWindows(probe)) run.record.warnings.push(NOT_HEARD);
  });
}

/** Registers the orchestration under the name by which it is started. */
export function registerRollBack(): void {
  registerOrchestrator('rollBack', rollBack);
}
