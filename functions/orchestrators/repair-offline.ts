import { owesGroupPolicy } from '../../shared/causes/group-policy.ts';
import { CAUSES } from '../../shared/causes/index.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { isOfWindows, type ProbeResult } from '../../shared/model/probe.ts';
import { faultsAmong } from '../../shared/repair/diagnosis.ts';
import { departsFrom, newAmong, type Rehearsed } from '../../shared/repair/rehearsal.ts';
import { nameOf } from '../../shared/model/vm-id.ts';
import { recorded } from './operations.ts';
import { lookAtDisk, mendAsRehearsed, mendDisk, type MayBeDone, type Mended } from './attached-disk.ts';
import { standingOf } from './deed.ts';
import { act, complete, ended, make, now, type Steps } from './durable.ts';
import type { Patient } from './guest.ts';
import { answersInside, probeAfterStart, understand } from './look.ts';
import { bringPolicyBack } from './repair-online.ts';
import { runsUnended } from './outage.ts';
import { followNewPort } from './restrict-rdp.ts';
import type { Rehearsal } from './rehearse.ts';
import { asMade, putOsDiskUnderVm } from './restore-os-disk.ts';
import { makerOf, mandateOf, step, type Run, type StepDraft } from './run.ts';
import { tryKeys } from './try-keys.ts';
import { requireStill, startOnOtherDisk, takeDown } from './vm-power.ts';

/** Where the copy is attached on the rescue VM; the scripts find the disk by it. Not where the rehearsal's was. */
const REPAIR_LUN = 2;

/**
 * Step 4: the VM goes down, its OS disk is copied, the copy is repaired as rehearsed and put under the VM. The original is never
 * written to. Gives back whether RDP answers. Where Windows did not even come up, the caller unwinds; where it did, it writes to its
 * new disk, and only a person may give that up.
 */
export function* repairOffline(run: Run, rehearsal: Rehearsal): Steps<boolean> {
  const { osDisk } = run.vm;
  if (!osDisk) throw new MedicError('UnmanagedDisk', 'The VM has no managed OS disk to repair.');
  const { policyHeldOff, rdpPort, ofMovedPort, record } = run;
  run.ofOriginal = { policyHeldOff, rdpPort, ofMovedPort, warnings: [...record.warnings] };
  const repairedDiskId = yield* repairAsRehearsed(run, rehearsal, osDisk.id);
  if (repairedDiskId === undefined) return false;
  if (!(yield* putUnderAndStart(run, repairedDiskId, osDisk.id))) return false;
  const { probe, agentReady } = yield* verify(run);
  if (!agentReady && !isOfWindows(probe)) return false;
  const answers = probe.state === 'healthy' || (agentReady && (yield* answersInside(run)));
  keepOriginal(run);
  if (run.policyHeldOff) yield* bringPolicyBack(run);
  return answers;
}

/** Gives back false where Azure refuses the swap. */
function* putUnderAndStart(run: Run, repairedDiskId: string, originalDiskId: string): Steps<boolean> {
  return yield* step(run, 'restore', 'Switch to the repaired OS disk', 'restore', function* (draft) {
    try {
      if (!(yield* putOsDiskUnderVm(run, draft, asMade(repairedDiskId), originalDiskId))) return false;
      yield* startOnOtherDisk(run);
    } catch (error) {
      if (!(yield* runsAllTheSame(run, repairedDiskId, error))) throw error;
    }
    return true;
  });
}

/** What says that Azure has not called an operation ended. */
const UNENDED: readonly ErrorCode[] = ['OperationTimedOut', 'AzureConflict'];

/**
 * Whether the VM is up on the repaired disk although Azure does not call that done. Then Windows has the word, which writes to that disk by
 * now.
 */
function* runsAllTheSame(run: Run, diskId: string, error: unknown): Steps<boolean> {
  const exchanged = run.undo.find(({ kind }) => kind === 'restore-os-disk');
  const isUnended = error instanceof MedicError && UNENDED.includes(error.code);
  if (exchanged?.kind !== 'restore-os-disk' || !isUnended) return false;
  const { now: standing, begun } = yield* standingOf(run, exchanged, false);
  if (!begun || standing?.power !== 'running' || standing.osDiskId !== diskId.toLowerCase()) return false;
  run.expected = standing;
  run.asked = undefined;
  run.deletedBy = undefined;
  run.otherDiskSince ??= now(run.context);
  runsUnended(run);
  return true;
}

/** What ends the repair without harm: the VM is up still, or comes up at once. */
const ENDS_IT: readonly string[] = ['PlanChanged', 'KeyUnavailable'];

/** As `repairCopy`; `undefined` also where a key does not work, and where the disk asks for something else than was rehearsed: then the VM comes up at once. */
function* repairAsRehearsed(
  run: Run,
  rehearsal: Rehearsal,
  originalDiskId: string,
): Steps<string | undefined> {
  try {
    return yield* repairCopy(run, rehearsal, originalDiskId);
  } catch (error) {
    if (!(error instanceof MedicError && ENDS_IT.includes(error.code))) throw error;
    run.record.errors.push(toProblem(error));
    return undefined;
  }
}

/** Gives back the repaired copy; `undefined` where nothing on it could be repaired. */
function* repairCopy(
  run: Run,
  { rescueVmId, rehearsed }: Rehearsal,
  originalDiskId: string,
): Steps<string | undefined> {
  return yield* step(
    run,
    'offline-repair',
    'Repair a copy of the OS disk on the rescue VM',
    'offline',
    function* (draft) {
      const diskId = yield* copyOfStill(run, draft, originalDiskId);
      const attached = { ...mandateOf(run), vmId: rescueVmId, diskId };
      yield* complete(run.context, ACTIVITIES.beginAttachDisk, { ...attached, lun: REPAIR_LUN });
      const repaired = yield* repairAttachedDisk(run, draft, rescueVmId, rehearsed);
      yield* complete(run.context, ACTIVITIES.beginDetachDisk, attached);
      draft.state = repaired && draft.remaining.length === 0 ? 'fixed' : 'failed';
      if (!repaired) draft.detail = 'No fault that a script can repair was found on the disk.';
      return repaired ? diskId : undefined;
    },
  );
}

/**
 * The VM goes down, and then its disk itself is copied: the rehearsal's copy lacks what was written since, and a snapshot in between
 * would only add to the downtime. Whether the disk stands still is looked at twice, the second time while the copy is made; one of a
 * disk that did not is no copy of ours.
 */
function* copyOfStill(run: Run, draft: StepDraft, originalDiskId: string): Steps<string> {
  yield* tryKeys(run);
  const goingDown = now(run.context);
  yield* takeDown(run, draft);
  const copying = copyWhileStill(run, originalDiskId, goingDown);
  return yield* recorded(run, 'copy-disk', nameOf(originalDiskId), copying);
}

function* copyWhileStill(run: Run, originalDiskId: string, goingDown: string): Steps<string> {
  const copy = copyOf(run, originalDiskId, goingDown);
  const since = now(run.context);
  const { id, operation } = yield* act(run.context, ACTIVITIES.beginCopyDisk, copy);
  yield* requireStill(run);
  yield* ended(run.context, operation, since);
  // Since when it stands still may have shown late: then the copy is compared with that.
  const again = copyOf(run, originalDiskId, goingDown);
  if (again.notBefore !== copy.notBefore) yield* make(run.context, ACTIVITIES.beginCopyDisk, again);
  return id;
}

function copyOf(run: Run, diskId: string, goingDown: string) {
  const { expected } = run;
  // A VM that is merely stopped leaves no time on its disk.
  const notBefore = expected?.power === 'stopped' ? goingDown : expected?.ownershipUpdatedAt;
  const source = { diskId, sourceId: diskId, role: 'repair-disk' as const };
  return { ...makerOf(run), ...source, ...(notBefore && { notBefore }) };
}

/** A look at the disk, the changes, another look: in one run where they were rehearsed. */
function* repairAttachedDisk(
  run: Run,
  draft: StepDraft,
  rescueVmId: string,
  rehearsed: Rehearsed | undefined,
): Steps<boolean> {
  const { patient, done, mended } = rehearsed
    ? yield* mendWhatWasRehearsed(run, draft, rescueVmId, rehearsed)
    : yield* mendWhatIsSeen(run, draft, rescueVmId);
  yield* followNewPort(run, draft, done);
  run.policyHeldOff = owesGroupPolicy(patient.look.facts);
  draft.remaining.push(...faultsAmong(CAUSES, understand(run, patient)));
  return mended;
}

function* mendWhatWasRehearsed(
  run: Run,
  draft: StepDraft,
  rescueVmId: string,
  rehearsed: Rehearsed,
): Steps<Mended & { patient: Patient }> {
  return yield* mendAsRehearsed(run, draft, {
    at: { vmId: rescueVmId, windows: { scope: 'offline', lun: REPAIR_LUN } },
    changes: rehearsed.first,
    met(found) {
      draft.findings.push(...understand(run, found).findings);
      return onlyRehearsed(rehearsed, found);
    },
  });
}

function* mendWhatIsSeen(
  run: Run,
  draft: StepDraft,
  rescueVmId: string,
): Steps<Mended & { patient: Patient }> {
  const patient = yield* lookAtDisk(run, draft, rescueVmId, {
    scope: 'offline',
    lun: REPAIR_LUN,
  });
  draft.findings.push(...understand(run, patient).findings);
  return { ...(yield* mendDisk(run, draft, patient)), patient };
}

/** Throws `PlanChanged` at the first change that was not rehearsed, and where the disk is not the one that was rehearsed with. */
function onlyRehearsed(rehearsed: Rehearsed, { look }: Patient): MayBeDone {
  return (changes, round) => {
    const why =
      round === 1 ? departsFrom(rehearsed, look.facts, changes) : newAmong(rehearsed.changes, changes);
    if (why !== undefined) throw new MedicError('PlanChanged', why);
  };
}

/** Windows boots from the repaired disk; RDP is asked until it answers. */
function* verify(run: Run): Steps<{ probe: ProbeResult; agentReady: boolean }> {
  return yield* step(run, 'verify', 'Start the VM and wait for RDP', 'verify', function* (draft) {
    const seen = yield* probeAfterStart(run, draft);
    draft.state = seen.probe.state === 'healthy' ? 'done' : 'failed';
    return seen;
  });
}

/**
 * From here on the other disk is the VM's own, and the one it had is the way back: whatever fails now, a VM that
 * answers again is not taken back. By this word of the record alone the janitor may delete it some day.
 */
export function keepOriginal(run: Run): void {
  const { record, undo, expected, asideUntil, otherDiskSince } = run;
  const exchanged = undo.find((one) => one.kind === 'restore-os-disk');
  if (exchanged && asideUntil !== undefined) {
    const known = expected && otherDiskSince !== undefined;
    record.originalDisk = {
      id: exchanged.diskId,
      keptUntil: asideUntil,
      ...(known && {
        wayBack: { uniqueId: exchanged.diskUniqueId, leftAs: expected, writesSince: otherDiskSince },
      }),
    };
  }
  undo.length = 0;
  run.forward = false;
}
