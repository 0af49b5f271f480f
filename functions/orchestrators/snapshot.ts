import type { Task } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { nameOf } from '../../shared/model/vm-id.ts';
import { beginSub, now, setGoing, sub, valueOf, type Steps } from './durable.ts';
import { recorded } from './operations.ts';
import { besideRescueVm } from './rescue-vm-ahead.ts';
import { makerOf, step, type Run } from './run.ts';

const { takeSnapshot } = SUB_ORCHESTRATIONS;

/**
 * Begins the safety snapshot beside the diagnosis, which takes longer, unless another machine answered: then nothing is known of this one.
 * Should it be well after all, on another port or out of our reach, clean-up deletes the snapshot: 20 seconds of every repair are worth it.
 */
export function* beginSnapshotAhead(run: Run): Steps<void> {
  const { vm, probe, input } = run;
  const isAboutVm = vm.agentReady && probe !== undefined && probe.state !== 'other-machine';
  if (!isAboutVm || !vm.osDisk || input.request.mode === 'diagnose') return;
  const snapshot = snapshotOf(run, vm.osDisk);
  const task = beginSub(run.context, takeSnapshot, snapshot);
  run.snapshot = { task, since: now(run.context), expiresAt: snapshot.expiresAt };
  yield* setGoing(run.context, task);
}

/**
 * Snapshot of the OS disk: nothing is changed before it exists. Where the repair goes offline whatever happens, the rescue VM is begun
 * with it. @throws MedicError.
 */
export function* snapshotOsDisk(run: Run, withRescueVm = false): Steps<void> {
  const { osDisk } = run.vm;
  if (!osDisk) throw new MedicError('UnmanagedDisk', 'The VM has no managed OS disk to take a snapshot of.');
  yield* step(run, 'snapshot', 'Snapshot of the OS disk', 'snapshot', function* (draft) {
    const snapshot = snapshotOf(run, osDisk);
    const expiresAt = run.snapshot?.expiresAt ?? snapshot.expiresAt;
    const taking = run.snapshot
      ? begunAhead(run.snapshot.task)
      : withRescueVm
        ? besideRescueVm(run, takeSnapshot, snapshot)
        : sub(run.context, takeSnapshot, snapshot);
    const { id } = yield* recorded(run, 'create-snapshot', osDisk.name, taking, run.snapshot?.since);
    run.snapshot = undefined;
    run.record.snapshot = { id, name: nameOf(id), expiresAt };
    draft.detail = `Kept until ${expiresAt}.`;
  });
}

/** Waits for what was begun ahead and nobody needs: nothing is cleaned up before. */
export function* snapshotSettled(run: Run): Steps<void> {
  const { snapshot } = run;
  run.snapshot = undefined;
  if (snapshot && !snapshot.task.isCompleted) yield snapshot.task;
}

function* begunAhead(task: Task): Steps<{ id: string }> {
  return valueOf(takeSnapshot.parseAnswer(task.isCompleted ? task.result : yield task));
}

function snapshotOf(run: Run, { id: diskId }: { id: string }) {
  return { ...makerOf(run), diskId, location: run.vm.location };
}
