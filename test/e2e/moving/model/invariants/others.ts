import { idKey, isWithin } from '../../../../../lab/arm/store/resource-id.ts';
import { vmIdOf } from '../scenario.ts';
import {
  accepted,
  deedOf,
  isOnVm,
  isOwn,
  succeeded,
  tellChange,
  type Change,
  type Invariant,
  type Played,
} from '../played.ts';

/** What the service may do to things that it did not make: to the VM, to tags of the disks put aside, to the rules it names. */
const ALLOWED = [
  'virtualMachines/write',
  'virtualMachines/delete',
  'virtualMachines/start/action',
  'virtualMachines/restart/action',
  'virtualMachines/deallocate/action',
];

export const onlyOwnThingsAreChanged: Invariant = (played) =>
  played.changes
    .filter((change) => change.ours && accepted(change))
    .filter((change) => !isOwn(played, change.resource) && !mayChange(played, change))
    .map((change) => `the service changed what is not its own: ${tellChange(change)}`);

function mayChange(played: Played, change: Change): boolean {
  const { record, before } = played;
  const deed = deedOf(change);
  if (isOnVm(played, change))
    return ALLOWED.includes(deed) && (deed !== 'virtualMachines/delete' || isRebuild(played));
  if (deed.startsWith('virtualMachines/runCommands/')) return true;
  if (deed === 'disks/write')
    return [before.vm?.osDiskId, idKey(record?.rollback?.disk.id ?? '')].includes(idKey(change.resource));
  const rules = record?.changedRules ?? [];
  return rules.some(({ after }) => idKey(after.id) === idKey(change.resource));
}

function isRebuild({ scenario }: Played): boolean {
  return scenario.way === 'rebuild';
}

export const aLookChangesNothing: Invariant = ({ scenario, record, glimpses }) =>
  scenario.mode === 'diagnose'
    ? [
        ...glimpses.map(({ deed }) => `the service was to look, and asked for ${deed}`),
        ...(record?.changedRules ?? []).map(
          ({ after }) => `the service was to look, and changed ${after.id}`,
        ),
      ]
    : [];

export const nothingOfOthersIsGone: Invariant = (played) => {
  const { before, after, changes } = played;
  const madeByOthers = changes
    .filter((change) => !change.ours && succeeded(change) && change.method === 'PUT')
    .map(({ resource }) => idKey(resource))
    .filter((id) => /^.*\/microsoft\.(compute|network)\/[^/]+\/[^/]+$/.test(id));
  return [...new Set([...before.resources, ...madeByOthers])]
    .filter((id) => !after.resources.includes(id) && !isDeletedByOthers(played, id))
    .filter((id) => id !== idKey(vmIdOf(played.scenario)) || !isKeptFromMaking(played))
    .map((id) => `${id} is gone, and nobody else deleted it`);
};

/** Whether others took a right away once the VM was deleted to be made again; that it is down then is told. */
function isKeptFromMaking(played: Played): boolean {
  const { changes, record } = played;
  const deleted = changes.find(
    (change) => change.ours && isOnVm(played, change) && deedOf(change) === 'virtualMachines/delete',
  );
  const taken = changes.some(
    ({ ours, action, at }) =>
      !ours && at >= (deleted?.at ?? Infinity) && /\/(denyAssignments|roleAssignments|locks)\//i.test(action),
  );
  return taken && record?.downSince !== undefined;
}

function isDeletedByOthers({ changes }: Played, id: string): boolean {
  return changes.some(
    (change) =>
      !change.ours && succeeded(change) && change.method === 'DELETE' && isWithin(id, change.resource),
  );
}

export const nothingIsResurrected: Invariant = (played) => {
  const { after, changes } = played;
  const last = changes
    .filter(
      (change) =>
        isOnVm(played, change) && (change.method === 'DELETE' ? succeeded(change) : accepted(change)),
    )
    .filter((change) => !change.ours && ['PUT', 'DELETE'].includes(change.method))
    .at(-1);
  return last?.method === 'DELETE' && after.vm
    ? [`the VM is there again, which ${last.caller} had deleted`]
    : [];
};

export const aVmOfOthersIsLeftOnItsDisk: Invariant = ({ before, glimpses, scenario }) =>
  glimpses
    .filter(({ accepted, deed, method }) => accepted && deed === takesAway(scenario.way) && method !== 'PUT')
    .filter(({ osDiskId, copyId }) => ![before.vm?.osDiskId, copyId].includes(osDiskId))
    .map(
      ({ osDiskId }) =>
        `the service took the disk ${osDiskId} from the VM, which somebody else had put there`,
    );

function takesAway(way: string): string {
  return way === 'swap' ? 'write' : 'delete';
}

export const theVmIsAsItsOwnersLeftIt: Invariant = (played) => {
  const { before, after, changes, scenario } = played;
  if (!before.vm || !after.vm) return [];
  const isMadeAnew = changes.some(
    (change) => !change.ours && accepted(change) && isOnVm(played, change) && change.method === 'PUT',
  );
  if (isMadeAnew) return [];
  const said: string[] = [];
  const compare = (what: string, was: unknown, is: unknown): void => {
    if (JSON.stringify(was) !== JSON.stringify(is))
      said.push(`${what} of the VM: ${JSON.stringify(is)}, and not ${JSON.stringify(was)}`);
  };
  const isRebuilt = changes.some(
    (change) => change.ours && succeeded(change) && deedOf(change) === 'virtualMachines/delete',
  );
  if (!isRebuilt) compare('identity', before.vm.vmId, after.vm.vmId);
  if (!scenario.actors.includes('resize')) compare('size', before.vm.size, after.vm.size);
  if (!/[-~]> (tag|untag|policy)/.test(scenario.actors)) compare('tags', before.vm.tags, after.vm.tags);
  const attached = changes
    .filter((change) => !change.ours && succeeded(change))
    .filter((change) => deedOf(change) === 'virtualMachines/attachDetachDataDisks/action');
  if (attached.length === 0) compare('data disks', before.vm.dataDisks, after.vm.dataDisks);
  else if (after.vm.dataDisks.length === 0)
    said.push('the data disk that somebody attached is no longer under the VM');
  compare('network cards', before.vm.nics, after.vm.nics);
  return said;
};

export const theNetworkIsAsItsOwnersLeftIt: Invariant = (played) => {
  const { before, after, changes, record } = played;
  const isTouched = (id: string): boolean =>
    changes.some((change) => !change.ours && idKey(change.resource) === id) ||
    (record?.changedRules ?? []).some((change) => idKey(change.after.id) === id);
  const differ = (was: Record<string, string>, is: Record<string, string>): string[] =>
    Object.keys({ ...was, ...is }).filter((id) => was[id] !== is[id] && !isTouched(id) && !isOwn(played, id));
  return [...differ(before.network, after.network), ...differ(before.rules, after.rules)].map(
    (id) => `${id} is not what it was, and nobody else changed it`,
  );
};
