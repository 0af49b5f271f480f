import { CAUSES } from '../../shared/causes/index.ts';
import { mayBeFollowed, MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { isOfWindows } from '../../shared/model/probe.ts';
import type { Refusal } from '../../shared/model/record.ts';
import { saysOverQuota } from '../../shared/repair/capacity.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { faultsAmong, judge, type Diagnosis } from '../../shared/repair/diagnosis.ts';
import { wroteSomething } from '../../shared/repair/outcomes.ts';
import { withDowntime, withRehearsed, type Rehearsed } from '../../shared/repair/rehearsal.ts';
import { plannedDowntime } from '../../shared/repair/timing.ts';
import { nameOf } from '../../shared/model/vm-id.ts';
import { recorded } from './operations.ts';
import { lookAtDisk, mendDisk } from './attached-disk.ts';
import { act, complete, ended, make, now, secondsSince, sub, valueOf, type Steps } from './durable.ts';
import type { Patient } from './guest.ts';
import { understand } from './look.ts';
import { besideRemovalOfScripts } from './remove-scripts.ts';
import { builtAhead, rescueVmOf } from './rescue-vm-ahead.ts';
import { makerOf, mandateOf, optionalStep, type Run, type StepDraft } from './run.ts';

/** Not where the disk to repair goes afterwards: what is found at that place is never the rehearsal's. */
const REHEARSAL_LUN = 1;
const ON_COPY = { scope: 'offline', lun: REHEARSAL_LUN, rehearsal: true } as const;

/** What is there for the repair when the VM goes down. */
export interface Rehearsal {
  readonly rescueVmId: string;
  /** What was done on the copy; `undefined` where nothing was rehearsed, since nothing was lost by going down at once. */
  readonly rehearsed: Rehearsed | undefined;
  /** How long the VM would be down, by how long the rehearsal took. */
  readonly downtimeSeconds: number;
}

/**
 * What must be there before the VM goes down: a rescue VM, and the repair rehearsed; only the rescue VM where the policy lets a VM go
 * down at once whose Windows shows no sign of life, and nobody is asked. `undefined` where it cannot be repaired so.
 */
export function* makeReady(run: Run): Steps<Rehearsal | undefined> {
  const { mode } = run.input.request;
  const { rehearse: when } = run.settings;
  const asked = mode === 'rehearse' || run.input.approval !== 'not-needed';
  if (asked || when === 'always' || showsLife(run)) return yield* rehearse(run);
  return yield* optionalStep(
    run,
    'rehearsal',
    'Create the rescue VM (no rehearsal)',
    'rehearsal',
    undefined,
    function* (draft) {
      draft.detail =
        'Windows shows no sign of life, so the policy allows taking the VM down without a rehearsal.';
      return { ...(yield* buildRescueVm(run)), rehearsed: undefined, downtimeSeconds: plannedDowntime(0) };
    },
  );
}

/** Its agent reports, or Windows answers on the wire, however badly. */
function showsLife({ vm, probe }: Run): boolean {
  return vm.agentReady || (probe !== undefined && isOfWindows(probe));
}

/** Whether nothing but the offline repair can help: no script runs in the VM, and that its RDP is ill Windows itself has said. */
export function onlyOfflineIsLeft(
  { patient, probe, input }: Run,
  offlineBlockers: readonly Refusal[],
): boolean {
  const goesOffline = input.request.mode !== 'online' && offlineBlockers.length === 0;
  return goesOffline && !patient && probe !== undefined && isOfWindows(probe);
}

/** Gives back the one that was begun ahead, where there is one. @throws MedicError. */
function* buildRescueVm(run: Run): Steps<{ rescueVmId: string }> {
  const since = run.rescueVm?.since;
  const { vmId, size, refused } = yield* recorded(
    run,
    'create-rescue-vm',
    'rescue VM',
    builtOrBuild(run),
    since,
  );
  run.record.rescueVmSize = size;
  if (refused.length > 0)
    run.record.warnings.push(`The rescue VM has the size ${size}; Azure refused ${refused.join('; ')}`);
  return { rescueVmId: vmId };
}

function* builtOrBuild(run: Run): Steps<{ vmId: string; size: string; refused: string[] }> {
  const ahead = yield* builtAhead(run);
  if (ahead && (ahead.ok || !saysOverQuota(ahead.problem.message))) return valueOf(ahead);
  const input = { ...rescueVmOf(run), waitsForQuota: true };
  return yield* sub(run.context, SUB_ORCHESTRATIONS.buildRescueVm, input);
}

/**
 * The offline repair on a copy of the OS disk that is thrown away, while the VM runs: whatever keeps it from being done is known before
 * anything goes down. Gives back `undefined` where it cannot be done, or has nothing to mend.
 */
export function* rehearse(run: Run): Steps<Rehearsal | undefined> {
  return yield* optionalStep(
    run,
    'rehearsal',
    'Rehearse the offline repair on a copy of the disk',
    'rehearsal',
    undefined,
    function* (draft) {
      const { rescueVmId, diskId } = yield* besideRemovalOfScripts(run, () => prepareStage(run));
      const begun = run.context.df.currentUtcDateTime.getTime();
      const rehearsed = yield* rehearseOn(run, draft, rescueVmId, diskId);
      const seconds = secondsSince(run.context, begun);
      const downtimeSeconds = plannedDowntime(seconds);
      run.record.rehearsed = { seconds, downtimeSeconds };
      if (run.record.plan)
        run.record.plan = withDowntime(run.record.plan, downtimeSeconds, {
          updatesPending: run.updatesPending,
          isDryRun: run.input.request.mode === 'rehearse',
        });
      return { rescueVmId, rehearsed, downtimeSeconds };
    },
  );
}

/**
 * The snapshot that the copy is made from: the safety snapshot, unless Windows was changed online since. A VM that went down for what is
 * mended already would have been down for nothing.
 */
function* snapshotToRehearseOn(run: Run, diskId: string, safetySnapshotId: string): Steps<string> {
  if (!wroteSomething(run.patient?.look.done ?? [])) return safetySnapshotId;
  const { location } = run.vm;
  const snapshot = { ...makerOf(run), diskId, location, role: 'rehearsal-snapshot' } as const;
  return yield* recorded(
    run,
    'create-snapshot',
    nameOf(diskId),
    make(run.context, ACTIVITIES.beginSnapshot, snapshot),
  );
}

/** A rescue VM, and a disk made from a snapshot while that is built. */
function* prepareStage(run: Run): Steps<{ rescueVmId: string; diskId: string }> {
  const { context, vm, record } = run;
  const maker = makerOf(run);
  if (!vm.osDisk || !record.snapshot)
    throw new MedicError('UnmanagedDisk', `${vm.name} has no managed OS disk to rehearse with.`);
  const snapshotId = yield* snapshotToRehearseOn(run, vm.osDisk.id, record.snapshot.id);
  const since = now(context);
  const { id: diskId, operation } = yield* act(context, ACTIVITIES.beginCopyDisk, {
    ...maker,
    diskId: vm.osDisk.id,
    sourceId: snapshotId,
    role: 'rehearsal-disk',
  });
  const { rescueVmId } = yield* buildRescueVm(run);
  yield* recorded(run, 'copy-disk', vm.osDisk.name, ended(context, operation, since), since);
  return { rescueVmId, diskId };
}

/** The copy of the disk: looked at, mended, looked at again, and deleted. */
function* rehearseOn(run: Run, draft: StepDraft, rescueVmId: string, diskId: string): Steps<Rehearsed> {
  const { context, record } = run;
  const mandate = mandateOf(run);
  yield* complete(context, ACTIVITIES.beginAttachDisk, {
    ...mandate,
    vmId: rescueVmId,
    diskId,
    lun: REHEARSAL_LUN,
  });
  const patient = yield* lookAtDisk(run, draft, rescueVmId, ON_COPY);
  draft.findings.push(...learnFrom(run, patient).findings);
  const { done, first, mended } = yield* mendDisk(run, draft, patient);
  draft.remaining.push(...faultsAmong(CAUSES, judge(patient.look)));
  // It has the identity of the disk that is repaired for real: never both at once.
  yield* complete(context, ACTIVITIES.beginDetachDisk, { ...mandate, vmId: rescueVmId, diskId });
  yield* deleteCopy(run, diskId);
  if (!mended)
    throw new MedicError('NothingToMend', 'No fault that a script can repair was found on the disk.');
  if (record.plan) record.plan = withRehearsed(record.plan, done);
  draft.detail = `${done.length} changes were rehearsed on the copy, which is then deleted.`;
  const { build, machineGuid } = patient.look.facts.windows;
  return { windows: { build, machineGuid }, changes: done.map(({ change }) => change), first };
}

/** Neither its end nor its success is waited for: what is left at the end is cleaned up, or named there. */
function* deleteCopy(run: Run, id: string): Steps<void> {
  try {
    yield* act(run.context, ACTIVITIES.beginDeleteResource, { ...mandateOf(run), id });
  } catch (error) {
    if (!mayBeFollowed(error)) throw error;
  }
}

/** The copy is as old as the safety snapshot: of the port, Windows itself has said more since, where it could be asked. */
function learnFrom(run: Run, patient: Patient): Diagnosis {
  const { rdpPort } = run;
  const diagnosis = understand(run, patient);
  if (run.patient) run.rdpPort = rdpPort;
  return diagnosis;
}
