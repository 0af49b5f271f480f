import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Deed, Expected } from '../../shared/model/expected.ts';
import type { UndoOf } from '../../shared/model/undo.ts';
import { beginOutage, dropOutage } from '../../shared/repair/outages.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { isWorthAnotherTry } from '../../shared/repair/undo.ts';
import { askFor, carryOut, hasEnded, look, prepare, standingOf } from './deed.ts';
import { act, now, persist, wait, type Steps } from './durable.ts';
import { runsAgain, runsUnended, tellDown } from './outage.ts';
import type { Run, StepDraft } from './run.ts';

type StartUndo = UndoOf<'start-vm'>;

/** How a VM is taken down: what is asked for, and how it stands then. */
const WAYS = {
  deallocate: { begin: ACTIVITIES.beginDeallocate, kind: 'deallocate', after: 'deallocated' },
  powerOff: { begin: ACTIVITIES.beginPowerOff, kind: 'power-off', after: 'stopped' },
} as const;

/**
 * Takes the VM down, so that its disk stands still, which `requireStill` looks at once more. How to start it again is registered
 * first. Afterwards `run.expected` is how it stands down: what everything that follows compares with.
 * @throws MedicError `Moved` where somebody changed it since it was last looked at.
 */
export function* takeDown(run: Run, draft: StepDraft): Steps<void> {
  const { begin, kind, after } = WAYS[run.settings.takeDown];
  const deed = yield* prepare(run, kind);
  run.undo.push(startUndo(deed));
  beginOutage(run.record, run.input.rollback ? 'rollback' : 'offline-repair', now(run.context));
  const action = { what: `${kind}-vm`, target: run.vm.name, before: 'running', after } as const;
  try {
    yield* askFor(run, begin, deed);
  } catch (error) {
    if (yield* isDownByUs(run, deed, error)) {
      draft.actions.push(action);
      yield* tellDown(run, error);
    }
    throw error;
  }
  draft.actions.push(action);
  hasEnded(run);
  yield* orUnended(run, lookAtAsked(run));
}

/** Whether a stop of which no answer came has reached what somebody else had put in the place of the VM meanwhile. It is not ours to start. */
function* isDownByUs(run: Run, deed: Deed, error: unknown): Steps<boolean> {
  if (!(error instanceof MedicError) || error.code !== 'Moved') return false;
  const { now: standing, begun } = yield* standingOf(run, deed, false);
  return begun && standing !== null && isOff(standing);
}

function isOff({ power }: Expected): boolean {
  return power.startsWith('stop') || power.startsWith('deallocat');
}

/** Looks at the VM that went down until two looks have shown the same. @throws MedicError `Moved`, `AzureRefused`. */
export function* requireStill(run: Run): Steps<void> {
  yield* orUnended(run, lookUntilStill(run));
}

/** To start it again, its disk need not say that it stands still. */
function* orUnended(run: Run, looks: Steps<void>): Steps<void> {
  try {
    yield* looks;
  } catch (error) {
    if (run.asked) run.asked = { ...run.asked, ended: false };
    if (error instanceof MedicError && error.code === 'Moved') yield* takeAsItIs(run);
    throw error;
  }
}

function* lookAtAsked(run: Run): Steps<void> {
  if (run.asked) yield* look(run, run.asked);
}

/** Lets go of the host as well, of a VM that was merely stopped. @throws MedicError `Moved`. */
export function* deallocateStopped(run: Run, draft: StepDraft): Steps<void> {
  const deed = yield* prepare(run, 'deallocate');
  yield* askFor(run, ACTIVITIES.beginDeallocate, deed);
  draft.actions.push({ what: 'deallocate-vm', target: run.vm.name, before: 'stopped', after: 'deallocated' });
  hasEnded(run);
  yield* orUnended(run, lookAtAsked(run));
  yield* requireStill(run);
}

/** What changed just before we took the VM down went down with it, and is to come up again. */
function* takeAsItIs(run: Run): Steps<void> {
  const { asked } = run;
  if (!asked) return;
  const { now: standing } = yield* standingOf(run, asked.deed, false);
  if (standing?.power !== 'deallocated' && standing?.power !== 'stopped') return;
  run.expected = standing;
  run.asked = undefined;
}

/** The time of ownership may show later than what moved it: it is the baseline once two looks have shown the same. */
function* lookUntilStill(run: Run): Steps<void> {
  const { asked } = run;
  if (!asked) return;
  for (let looks = 1; looks < TIMING.baselineLooks; looks++) {
    const before = run.expected?.ownershipUpdatedAt;
    yield* wait(run.context, TIMING.baselinePause);
    yield* look(run, asked);
    requireOurStop(run);
    if (run.expected?.ownershipUpdatedAt !== before) continue;
    run.asked = undefined;
    if (before !== null) return;
    throw new MedicError(
      'AzureRefused',
      'Azure does not report when the OS disk was last attached or detached, so it is unknown whether the VM ran in the meantime.',
    );
  }
  throw new MedicError('Moved', `The state of the OS disk of ${run.vm.name} keeps changing.`);
}

/** That of a stop which had ended shows late, but it does not come late. @throws MedicError `Moved`. */
function requireOurStop(run: Run): void {
  const { expected, stoppedAt, vm } = run;
  const changed = expected?.ownershipUpdatedAt ?? null;
  if (changed === null || stoppedAt === null) return;
  if (Date.parse(changed) <= Date.parse(stoppedAt) + TIMING.clocksDiffer * 1000) return;
  run.stoppedByOther = true;
  throw new MedicError(
    'Moved',
    `Somebody else changed ${vm.name} while it was repaired: it was started and stopped again at ${changed}.`,
  );
}

/** Starts the VM that we took down, or that was built again. @throws MedicError, the last one, when it was tried some times. */
export function* startAgain(run: Run): Steps<void> {
  yield* persist(run.context, () => startOnce(run), {
    pause: () => TIMING.persistPause,
    goesOn: (error, tries) =>
      tries < TIMING.persistTries && error instanceof MedicError && isWorthAnotherTry(error, 0),
    failed: (error) => tellDown(run, error),
  });
}

/** As `startAgain`, on the other disk that it got: from here on Windows may write to that one alone. */
export function* startOnOtherDisk(run: Run): Steps<void> {
  run.otherDiskSince = now(run.context);
  yield* startAgain(run);
}

/**
 * Restarts the VM, which goes on being up whatever happens on the way: one that breaks off is started. Gives back whether it was asked for
 * just now; otherwise an operation ended since it was asked for first, which was that restart, or something else at the same moment.
 */
export function* restartVm(run: Run, draft: StepDraft): Steps<boolean> {
  const deed = yield* prepare(run, 'restart');
  draft.actions.push({ what: 'restart-vm', target: run.vm.name, before: null, after: null });
  // A restart that breaks off in the middle would leave the VM stopped.
  run.undo.push({ ...startUndo(deed), deed: 'restart' });
  beginOutage(run.record, 'restart', now(run.context));
  const isAsked = yield* carryOut(run, ACTIVITIES.beginRestart, deed);
  runsAgain(run);
  run.undo.pop();
  return isAsked;
}

/**
 * Starts the VM if it is down because of us.
 * @param since when the first try was, from the second one on. A stop in the Activity Log that was asked for after it, or after our own had
 * ended, is somebody else's
 * @throws MedicError `Moved` where it is down because of somebody else, or is to stay so.
 */
export function* startAsFound(run: Run, undo: StartUndo, since: string | null): Steps<void> {
  const { now: standing, begun } = yield* standingOf(run, undo, false);
  if (!begun) dropOutage(run.record);
  if (standing?.power === 'running') runsAgain(run);
  if (!begun || standing?.power === 'running') return;
  if (undo.deed === 'restart' && standing?.power.startsWith('deallocat') === true)
    throw new MedicError(
      'Moved',
      `${run.vm.name} is left deallocated: this repair only restarted it, so somebody else deallocated it.`,
    );
  // Of a VM that is gone, nobody's word is to be had: what starts it says so.
  const says = standing ? yield* whoWantsItOff(run, undo.vmId, standing, since ?? run.stoppedAt) : null;
  if (says !== null) {
    // We took it down, whoever wants it so now: that it is down is told.
    run.record.downSince ??= now(run.context);
    throw new MedicError('Moved', `${run.vm.name} is left stopped: ${says}.`);
  }
  yield* startOnce(run);
}

function* whoWantsItOff(
  run: Run,
  vmId: string,
  standing: Expected,
  since: string | null,
): Steps<string | null> {
  if (isOff(standing) && run.stoppedInstead !== undefined) return run.stoppedInstead;
  return yield* ownersWord(run, vmId, since);
}

/** Who wants the VM left stopped; where somebody is known to have stopped it, the Activity Log is given time to say so. */
function* ownersWord(run: Run, vmId: string, since: string | null): Steps<string | null> {
  for (let looks = 1; ; looks++) {
    const { context, stoppedByOther } = run;
    const asked = { vmId, since, at: now(context) };
    const { says } = yield* act(context, ACTIVITIES.readOwnersWord, asked);
    if (says !== null || !stoppedByOther || looks >= TIMING.lateLogLooks) return says;
    yield* wait(context, TIMING.lateLogPause);
  }
}

function* startOnce(run: Run): Steps<void> {
  const wasStarted = run.asked?.kind === 'start';
  const deed = yield* prepare(run, 'start');
  if (wasStarted && run.expected?.power === 'running') {
    run.asked = undefined;
    runsUnended(run);
    return;
  }
  yield* carryOut(run, ACTIVITIES.beginStart, deed);
  runsAgain(run);
}

/** Takes the VM down once more, on the way back. */
export function* deallocate(run: Run): Steps<void> {
  const deed = yield* prepare(run, 'deallocate');
  yield* carryOut(run, ACTIVITIES.beginDeallocate, deed);
}

function startUndo({ vmId, intent, expected }: Deed): StartUndo {
  return { kind: 'start-vm', schema: 1, vmId, intent, expected };
}
