import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Deed } from '../../shared/model/expected.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { isWorthAnotherTry } from '../../shared/repair/undo.ts';
import { askFor, carryOut, hasEnded, look, prepare, standingOf } from './deed.ts';
import { act, now, persist, wait, type Steps } from './durable.ts';
import type { Run, StepDraft } from './run.ts';

type StartUndo = Extract<Undo, { kind: 'start-vm' }>;

/**
 * Takes the VM down, so that its disk stands still. How to start it again is registered first. Afterwards `run.expected` is how it
 * stands down: what everything that follows compares with.
 * @throws MedicError `Moved` where somebody changed it since it was last looked at.
 */
export function* takeDown(run: Run, draft: StepDraft): Steps<void> {
  const deed = yield* prepare(run, 'deallocate');
  run.undo.push(startUndo(deed));
  yield* askFor(run, ACTIVITIES.beginDeallocate, deed);
  draft.actions.push({ what: 'deallocate-vm', target: run.vm.name, before: 'running', after: 'deallocated' });
  hasEnded(run);
  try {
    yield* lookUntilStill(run);
  } catch (error) {
    // To start it again, its disk need not say that it stands still.
    if (run.asked) run.asked = { ...run.asked, ended: false };
    if (error instanceof MedicError && error.code === 'Moved') yield* takeAsItIs(run);
    throw error;
  }
}

/** What changed just before we took the VM down went down with it, and is to come up again. */
function* takeAsItIs(run: Run): Steps<void> {
  const { asked } = run;
  if (!asked) return;
  const { now: standing } = yield* standingOf(run, asked.deed, false);
  if (standing?.power !== 'deallocated') return;
  run.expected = standing;
  run.asked = undefined;
}

/** The time of ownership may show later than the deallocation: it is the baseline once two looks have shown the same. */
function* lookUntilStill(run: Run): Steps<void> {
  const { asked } = run;
  if (!asked) return;
  yield* look(run, asked);
  for (let looks = 1; looks < TIMING.baselineLooks; looks++) {
    const before = run.expected?.ownershipUpdatedAt;
    yield* wait(run.context, TIMING.baselinePause);
    yield* look(run, asked);
    if (run.expected?.ownershipUpdatedAt !== before) continue;
    run.asked = undefined;
    if (before !== null) return;
    throw new MedicError(
      'AzureRefused',
      'Azure does not say since when the OS disk stands still, so nobody could tell whether the VM ran meanwhile.',
    );
  }
  throw new MedicError('Moved', `The OS disk of ${run.vm.name} does not stand still.`);
}

/** Starts the VM that we took down, or that was built again. @throws MedicError, the last one, when it was tried some times. */
export function* startAgain(run: Run): Steps<void> {
  yield* persist(run.context, () => startOnce(run), {
    pause: () => TIMING.persistPause,
    goesOn: (error, tries) =>
      tries < TIMING.persistTries && error instanceof MedicError && isWorthAnotherTry(error, 0),
  });
}

/** As `startAgain`, on the other disk that it got: from here on Windows may write to that one alone. */
export function* startOnOtherDisk(run: Run): Steps<void> {
  run.otherDiskSince = now(run.context);
  yield* startAgain(run);
}

/** Restarts the VM, which goes on being up whatever happens on the way: one that breaks off is started. */
export function* restartVm(run: Run, draft: StepDraft): Steps<void> {
  const deed = yield* prepare(run, 'restart');
  draft.actions.push({ what: 'restart-vm', target: run.vm.name, before: null, after: null });
  // A restart that breaks off in the middle would leave the VM stopped.
  run.undo.push(startUndo(deed));
  yield* carryOut(run, ACTIVITIES.beginRestart, deed);
  run.undo.pop();
}

/**
 * Starts the VM if it is down because of us.
 * @param since when the first try was, from the second one on: a stop in the Activity Log after it is somebody else's
 * @throws MedicError `Moved` where it is down because of somebody else, or is to stay so.
 */
export function* startAsFound(run: Run, undo: StartUndo, since: string | null): Steps<void> {
  const { now: standing, begun } = yield* standingOf(run, undo, false);
  if (!begun || standing?.power === 'running') return;
  const { says } = yield* act(run.context, ACTIVITIES.readOwnersWord, { vmId: undo.vmId, since });
  if (says !== null) throw new MedicError('Moved', `${run.vm.name} is left stopped: ${says}.`);
  yield* startOnce(run);
}

function* startOnce(run: Run): Steps<void> {
  const deed = yield* prepare(run, 'start');
  yield* carryOut(run, ACTIVITIES.beginStart, deed);
}

/** Takes the VM down once more, on the way back. */
export function* deallocate(run: Run): Steps<void> {
  const deed = yield* prepare(run, 'deallocate');
  yield* carryOut(run, ACTIVITIES.beginDeallocate, deed);
}

function startUndo({ vmId, intent, expected }: Deed): StartUndo {
  return { kind: 'start-vm', schema: 1, vmId, intent, expected };
}
