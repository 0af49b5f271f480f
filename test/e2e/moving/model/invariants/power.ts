import { deedOf, isOnVm, succeeded, type Change, type Invariant, type Played } from '../played.ts';

/** Who took the VM out of service last, and whether anybody has brought it up since. */
interface Standing {
  up: boolean;
  by: Change | undefined;
}

const TURNS_OFF = ['virtualMachines/powerOff/action', 'virtualMachines/deallocate/action'];
const TURNS_ON = ['virtualMachines/start/action', 'virtualMachines/restart/action'];

/** Replays what was done to the VM's power; a deed that found it as it wanted it has done nothing. */
function standingAfter(changes: readonly Change[]): Standing {
  let standing: Standing = { up: true, by: undefined };
  for (const change of changes) {
    const deed = deedOf(change);
    const isGone = deed === 'virtualMachines/delete';
    if (isGone || (standing.up && TURNS_OFF.includes(deed))) standing = { up: false, by: change };
    else if (TURNS_ON.includes(deed) || (change.method === 'PUT' && deed === 'virtualMachines/write'))
      standing = { up: true, by: change };
  }
  return standing;
}

/** Changes of the VM itself that came about, in the order of their ends; a start that gave way to somebody's stop had begun. */
function doneToVm(played: Played): Change[] {
  return played.changes
    .filter((change) => (succeeded(change) || gaveWay(change)) && isOnVm(played, change))
    .sort((one, other) => endOf(one) - endOf(other));
}

function gaveWay(change: Change): boolean {
  return change.errorCode === 'OperationPreempted' && TURNS_ON.includes(deedOf(change));
}

function endOf({ at, endedAt = at }: Change): number {
  return endedAt;
}

export const aVmThatRanRuns: Invariant = (played) => {
  const { after, record } = played;
  if (after.vm?.power === 'running') return [];
  const { by } = standingAfter(doneToVm(played));
  if (by && !by.ours) return [];
  const told =
    record?.downSince !== undefined || [...(record?.warnings ?? [])].join().includes('The VM is DOWN');
  return told ? [] : [`the VM is ${after.vm?.power ?? 'gone'}, because of the service, and nobody is told`];
};

export const whoStoppedItKeepsItStopped: Invariant = (played) => {
  const done = doneToVm(played);
  return played.changes
    .filter((change) => change.ours && succeeded(change) && isOnVm(played, change))
    .filter((change) => TURNS_ON.includes(deedOf(change)))
    .flatMap((start) => {
      const earlier = done.filter((change) => endOf(change) <= start.at && change !== start);
      const { up, by } = standingAfter(earlier);
      if (up || !by || by.ours || cameUnderOurHands(played, by)) return [];
      return [
        `the service started the VM at ${new Date(start.at).toISOString()}, which ${by.caller} had stopped`,
      ];
    });
};

/** Whether the stop came between the last look of the service and its own deed, where Azure lets nobody see it. */
function cameUnderOurHands({ glimpses }: Played, stop: Change): boolean {
  const next = glimpses.find(({ at, deed }) => at >= endOf(stop) && deed !== 'start/action');
  return next !== undefined && next.lookedAt <= endOf(stop);
}

export const noDowntimeWithoutAMendingRehearsal: Invariant = ({ record, glimpses }) => {
  const rehearsed = record?.steps.find(({ id, state }) => id === 'rehearsal' && state === 'done');
  const mended = rehearsed !== undefined && rehearsed.actions.length > 0;
  // A person has given up what was written since, and the disk that comes back was under the VM before.
  if (record?.rollback) return [];
  const down = glimpses.filter(
    ({ deed, accepted }) => accepted && ['deallocate/action', 'poweroff/action', 'delete'].includes(deed),
  );
  return mended
    ? []
    : down.map(({ deed }) => `the service asked for ${deed}, although no rehearsal mended anything`);
};

/** What was rehearsed holds for the real disk, unless somebody else has changed Windows meanwhile. */
export const noDowntimeForAPlanThatDidNotHold: Invariant = ({ record, changes }) => {
  const changed = record?.errors.find(({ code }) => code === 'PlanChanged');
  if (!changed || changes.some(({ ours }) => !ours)) return [];
  return [`the VM was taken down for a plan that did not hold: ${changed.message}`];
};
