import { helpfulChanges } from '../../shared/causes/evidence/helpful.ts';
import { CAUSES } from '../../shared/causes/index.ts';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { GuestAnswer } from '../../shared/model/guest-answer.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { faultsAmong } from '../../shared/repair/diagnosis.ts';
import { holdsPolicyOff, wroteSomething } from '../../shared/repair/outcomes.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, complete, sub, type Steps } from './durable.ts';
import { mend, runScript, type Patient } from './guest.ts';
import { answersInside, understand } from './look.ts';
import { bringPolicyBack } from './repair-online.ts';
import { followNewPort } from './restrict-rdp.ts';
import { putOsDiskUnderVm } from './restore-os-disk.ts';
import {
  addressesOf,
  expectationOf,
  makerOf,
  repairOptionsOf,
  step,
  type Run,
  type StepDraft,
} from './run.ts';
import { startAgain, takeDown } from './vm-power.ts';

/** Where the copy is attached on the rescue VM; the scripts find the disk by it. */
const REPAIR_LUN = 0;

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
  if (!(yield* putUnderAndStart(run, repairedDiskId, osDisk.id))) return false;
  const { probe, agentReady } = yield* verify(run);
  if (probe.state !== 'healthy' && !(agentReady && (yield* answersInside(run)))) return false;
  keepOriginal(run, osDisk.id);
  if (run.policyHeldOff) yield* bringPolicyBack(run);
  return true;
}

/** Gives back false where Azure refuses the swap. */
function* putUnderAndStart(run: Run, repairedDiskId: string, originalDiskId: string): Steps<boolean> {
  return yield* step(run, 'restore', 'The repaired disk goes under the VM', 'restore', function* (draft) {
    if (!(yield* putOsDiskUnderVm(run, draft, repairedDiskId, originalDiskId))) return false;
    yield* startAgain(run);
    return true;
  });
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

/** The rescue VM first: while it is built, the VM goes on serving. Then the VM goes down, and its disk is copied. */
function* copyBesideRescue(
  run: Run,
  draft: StepDraft,
  originalDiskId: string,
): Steps<{ diskId: string; rescueVmId: string }> {
  const { context, vm } = run;
  const maker = makerOf(run);
  const rescue = yield* sub(context, SUB_ORCHESTRATIONS.buildRescueVm, { ...maker, vm });
  yield* takeDown(run, draft);
  const { diskId } = yield* sub(context, SUB_ORCHESTRATIONS.copyOsDisk, {
    ...maker,
    diskId: originalDiskId,
    location: vm.location,
    ...(run.expected?.ownershipUpdatedAt && { notBefore: run.expected.ownershipUpdatedAt }),
  });
  return { diskId, rescueVmId: rescue.vmId };
}

/** A look at the disk, changes for what was seen, another look; with the first what helps a person: serial console and dumps. */
function* repairAttachedDisk(run: Run, draft: StepDraft, rescueVmId: string): Steps<boolean> {
  const windows = { scope: 'offline', lun: REPAIR_LUN } as const;
  const { facts, error } = yield* runScript(run, draft, rescueVmId, { script: 'collect', windows });
  if (!facts) throw offlineError(error);
  const patient: Patient = {
    vmId: rescueVmId,
    windows,
    look: { facts, done: [], options: repairOptionsOf(run) },
  };
  const { findings, faults } = understand(run, patient);
  draft.findings.push(...findings);
  const causes = CAUSES.filter(({ id }) => faults.includes(id));
  const done = yield* mend(run, draft, patient, causes, helpfulChanges);
  // A hive still loaded, or a volume not flushed, would be a corrupted disk under the VM.
  if (draft.error) throw new MedicError('GuestScriptFailed', draft.error.message);
  yield* followNewPort(run, draft, done, run.undo);
  run.policyHeldOff ||= holdsPolicyOff(done);
  draft.remaining.push(...faultsAmong(CAUSES, understand(run, patient)));
  return wroteSomething(done);
}

function offlineError(error: GuestAnswer['error']): MedicError {
  const { code, message } = error ?? {
    code: 'NoFacts',
    message: 'The Windows on the disk could not be looked at.',
  };
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
      ...expectationOf(run),
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
 * answers again is not taken back. By this word of the record alone the janitor may delete it some day.
 */
function keepOriginal(run: Run, originalDiskId: string): void {
  run.undo.length = 0;
  if (run.asideUntil !== undefined)
    run.record.originalDisk = { id: originalDiskId, keptUntil: run.asideUntil };
}
