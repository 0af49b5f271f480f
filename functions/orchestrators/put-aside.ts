import { MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { act, complete, ended, now, type Steps } from './durable.ts';
import type { UndoOf } from '../../shared/model/undo.ts';
import { makerOf, mandateOf, type Run } from './run.ts';

type RestoreUndo = UndoOf<'restore-os-disk'>;

/**
 * Tags both disks as what they are from the swap on, before it: the one that goes is the way back of this remediation, whatever an
 * earlier one called it, and the one that comes is the VM's own. Whoever sweeps in between finds no tag that tells something else.
 * @throws MedicError where a disk cannot be tagged: then it is not swapped.
 */
export function* putAside(run: Run, { diskId, copyId, kept }: RestoreUndo): Steps<void> {
  const { context } = run;
  const maker = makerOf(run);
  const since = now(context);
  const marking = { ...maker, diskId, role: 'original-disk', unlessUsed: false } as const;
  const marked = yield* act(context, ACTIVITIES.beginMarkDisk, marking);
  run.asideUntil = maker.expiresAt;
  const released = yield* act(context, ACTIVITIES.beginReleaseDisk, {
    diskId: copyId,
    ...mandateOf(run),
    ...(kept && { of: kept.remediationId }),
  });
  for (const operation of [marked, released]) yield* ended(context, operation, since);
}

/** Tags the copy as what it was, unless a VM stands on it: whatever became of the way back, it is to be found, or kept. */
export function* reclaimCopy(run: Run, { copyId, kept }: RestoreUndo): Steps<void> {
  const disk = { ...makerOf(run), diskId: copyId, unlessUsed: true };
  yield* orWarn(
    run,
    complete(
      run.context,
      ACTIVITIES.beginMarkDisk,
      kept
        ? { ...disk, role: 'original-disk', of: kept.remediationId, expiresAt: kept.expiresAt }
        : { ...disk, role: 'repair-disk' },
    ),
    `The disk ${copyId} could not be tagged, so the janitor will not delete it. Delete it manually.`,
  );
}

/** Takes the tags off the original, once it is under its VM again. What a tag says wrongly is told, and stops no way back. */
export function* releaseOriginal(run: Run, diskId: string): Steps<void> {
  yield* orWarn(
    run,
    complete(run.context, ACTIVITIES.beginReleaseDisk, { diskId, ...mandateOf(run) }),
    `The disk ${diskId} is in use by the VM. Remove its tags that start with "rdp-medic", unless the janitor has already done so.`,
  );
}

/** The warning outlives the way back, which takes other warnings with it. */
function* orWarn({ record, ofOriginal }: Run, work: Steps<void>, warning: string): Steps<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    // A way back that is tried for a day would tell it a hundred times.
    if (record.warnings.includes(warning)) return;
    record.errors.push(toProblem(error));
    record.warnings.push(warning);
    ofOriginal?.warnings.push(warning);
  }
}
