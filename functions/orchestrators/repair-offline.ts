import { z } from 'zod';
import { inOrder } from '../../shared/catalog/causes.ts';
import { MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { CauseId } from '../../shared/model/cause.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { faultsOf } from '../../shared/repair/diagnosis.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, complete, persist, sub, value, type Steps } from './durable.ts';
import { runScript } from './guest.ts';
import { answersInside } from './look.ts';
import { bringPolicyBack } from './repair-online.ts';
import { followNewPort } from './restrict-rdp.ts';
import { putOsDiskUnderVm } from './restore-os-disk.ts';
import { addressesOf, step, type Run, type StepDraft } from './run.ts';

/** Where the copy is attached on the rescue VM; the scripts find the disk by it. */
const REPAIR_LUN = 0;
/** Where RDP goes when something else holds its port and nobody named another: the first of what online scripts try. */
const FALLBACK_PORT = 3390;

/**
 * Step 4: the OS disk is copied, the copy is repaired on a rescue VM and put under the VM. The original is never
 * written to. Gives back whether RDP answers; if not, the caller unwinds.
 */
export function* repairOffline(run: Run): Steps<boolean> {
  const { osDisk } = run.vm;
  if (!osDisk) throw new MedicError('UnmanagedDisk', 'The VM has no managed OS disk to repair.');
  const { policyHeldOff, rdpPort, record } = run;
  run.ofOriginal = { policyHeldOff, rdpPort, warnings: [...record.warnings] };
  const repairedDiskId = yield* repairCopy(run, osDisk.id);
  if (repairedDiskId === undefined) return false;
  yield* step(run, 'restore', 'The repaired disk goes under the VM', 'restore', function* (draft) {
    yield* putOsDiskUnderVm(run, draft, repairedDiskId, osDisk.id);
    yield* persist(run.context, () => complete(run.context, ACTIVITIES.beginStart, { vmId: run.vm.vmId }));
  });
  const { probe, agentReady } = yield* verify(run);
  if (probe.state !== 'healthy' && !(agentReady && (yield* answersInside(run)))) return false;
  yield* keepOriginal(run, repairedDiskId, osDisk.id);
  if (run.policyHeldOff) yield* bringPolicyBack(run);
  return true;
}

/** Gives back the repaired copy; `undefined` where nothing on it could be repaired. */
function* repairCopy(run: Run, originalDiskId: string): Steps<string | undefined> {
  return yield* step(
    run,
    'offline-repair',
    'Offline repair of a copy of the OS disk on a rescue VM',
    'offline',
    function* (draft) {
      const { diskId, rescueVmId } = yield* copyBesideRescue(run, draft, originalDiskId);
      yield* complete(run.context, ACTIVITIES.beginAttachDisk, { vmId: rescueVmId, diskId, lun: REPAIR_LUN });
      const repaired = yield* repairAttachedDisk(run, draft, rescueVmId);
      yield* complete(run.context, ACTIVITIES.beginDetachDisk, { vmId: rescueVmId, diskId });
      draft.state = repaired && draft.remaining.length === 0 ? 'fixed' : 'failed';
      if (!repaired) draft.detail = 'No fault was found on the disk that a script could repair.';
      return repaired ? diskId : undefined;
    },
  );
}

/** The rescue VM is built while the source deallocates and its disk is copied. */
function* copyBesideRescue(
  run: Run,
  draft: StepDraft,
  originalDiskId: string,
): Steps<{ diskId: string; rescueVmId: string }> {
  const { context, maker, vm } = run;
  run.undo.push({ kind: 'start-vm', vmId: vm.vmId });
  draft.actions.push({ what: 'deallocate-vm', target: vm.name, before: 'running', after: 'deallocated' });
  const { copyOsDisk, buildRescueVm } = SUB_ORCHESTRATIONS;
  const [copy, rescue] = z.tuple([z.unknown(), z.unknown()]).parse(
    yield context.df.Task.all([
      context.df.callSubOrchestrator(copyOsDisk.name, {
        ...maker,
        vmId: vm.vmId,
        diskId: originalDiskId,
        location: vm.location,
      }),
      context.df.callSubOrchestrator(buildRescueVm.name, { ...maker, vm }),
    ]),
  );
  const { diskId } = value(copyOsDisk, copy);
  return { diskId, rescueVmId: value(buildRescueVm, rescue).vmId };
}

/** Diagnosis of the disk, then the scripts for what it found, then what helps a person: serial console and dumps. */
function* repairAttachedDisk(run: Run, draft: StepDraft, rescueVmId: string): Steps<boolean> {
  const lun = { Lun: String(REPAIR_LUN) };
  const diagnosis = yield* runScript(run, draft, rescueVmId, 'offline/diagnose', lun);
  if (diagnosis.error) throw offlineError(diagnosis.error);
  const faults = inOrder([...faultsOf(diagnosis.findings), ...seenFromOutside(run)]);
  for (const cause of faults) run.causes.add(cause);
  let changed = false;
  for (const cause of faults) {
    const parameters = { ...lun, ...parametersOf(run, cause) };
    const result = yield* runScript(run, draft, rescueVmId, `offline/${cause}`, parameters);
    changed ||= result.changed;
    yield* followNewPort(run, draft, result, run.undo);
    run.policyHeldOff ||= result.facts['groupPolicyService'] === 'disabled';
  }
  if (changed) {
    yield* runScript(run, draft, rescueVmId, 'offline/serial-console', lun);
    yield* runScript(run, draft, rescueVmId, 'offline/crash-dump', lun);
  }
  const released = yield* runScript(run, draft, rescueVmId, 'offline/release-disk', lun);
  // A hive still loaded, or a volume not flushed, would be a corrupted disk under the VM.
  if (released.error) throw offlineError(released.error);
  return changed;
}

/** Who holds a port cannot be seen on a disk; that it is not RDP, the wire has said. */
function seenFromOutside({ record, diagnosis }: Run): CauseId[] {
  const taken = record.probeBefore?.state === 'not-rdp' && !diagnosis;
  return taken ? ['rdp-port'] : [];
}

function parametersOf(run: Run, cause: CauseId): Record<string, string> {
  const { legacyTls, newRdpPort } = run.input.request.options;
  if (cause === 'rdp-port' && seenFromOutside(run).length > 0)
    return { NewPort: String(newRdpPort ?? FALLBACK_PORT) };
  // Group Policy is held off only where it can be set back: through an agent that answered before.
  if (cause === 'tls')
    return { LegacyTls: legacyTls ? 'yes' : 'no', HoldPolicy: run.vm.agentReady ? 'yes' : 'no' };
  return {};
}

function offlineError({ code, message }: { code: string; message: string }): MedicError {
  return new MedicError(
    code === 'DiskIdentityCollision' ? 'DiskIdentityCollision' : 'GuestScriptFailed',
    `${code}: ${message}`,
  );
}

/** Windows boots from the repaired disk; RDP is asked until it answers. */
function* verify(run: Run): Steps<{ probe: ProbeResult; agentReady: boolean }> {
  return yield* step(run, 'verify', 'Start, and ask RDP until it answers', 'verify', function* (draft) {
    // A dynamic public address is another one after the VM was deallocated.
    const { nics } = yield* act(run.context, ACTIVITIES.inspectVm, { vmId: run.vm.vmId });
    run.vm = { ...run.vm, nics };
    const seen = yield* sub(run.context, SUB_ORCHESTRATIONS.awaitRdp, {
      vmId: run.vm.vmId,
      addresses: addressesOf(run.vm),
      port: run.rdpPort,
      limitSeconds: TIMING.bootLimit,
      settleSeconds: TIMING.bootPoll * 4,
    });
    run.probe = seen.probe;
    draft.probe = seen.probe;
    draft.detail = seen.probe.detail;
    draft.state = seen.probe.state === 'healthy' ? 'done' : 'failed';
    return seen;
  });
}

/**
 * From here on the repaired disk is the VM's own, and the original is the way back: whatever fails now, a VM that
 * answers again is not taken back.
 */
function* keepOriginal(run: Run, repairedDiskId: string, originalDiskId: string): Steps<void> {
  const { context, maker, record } = run;
  run.undo.length = 0;
  record.originalDisk = { id: originalDiskId, keptUntil: maker.expiresAt };
  yield* orWarn(
    run,
    complete(context, ACTIVITIES.beginReleaseDisk, { diskId: repairedDiskId }),
    `The disk ${repairedDiskId} is the VM's own now. Take the tags that begin with "rdp-medic" off it.`,
  );
  yield* orWarn(
    run,
    complete(context, ACTIVITIES.beginKeepOriginal, { ...maker, diskId: originalDiskId }),
    `The original disk ${originalDiskId} could not be tagged: nobody will delete it when it is no longer needed.`,
  );
}

function* orWarn({ record }: Run, work: Steps<void>, warning: string): Steps<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    record.errors.push(toProblem(error));
    record.warnings.push(warning);
  }
}
