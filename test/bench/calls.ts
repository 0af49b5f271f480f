import type { LoggedRequest } from '../../lab/arm/request-log.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import type { Repair } from './repair.ts';

/** How many calls of each kind. */
export type Calls = Readonly<Record<string, number>>;

/** `GET disks`, `POST deallocate`, `DELETE runCommands`, `GET operations`; a list is a kind of its own. */
export function kindOf({ method, path }: Pick<LoggedRequest, 'method' | 'path'>): string {
  const rest = path.split(/\/providers\/Microsoft\.[^/]+\//i).at(-1) ?? path;
  const parts = rest.split('/');
  if (/\/operations\/|\/DiskOperations\//i.test(path)) return 'GET operation';
  const isNamed = parts.length % 2 === 0;
  if (method === 'POST') return `POST ${parts.at(-1) ?? ''}`;
  const type = (isNamed ? parts.at(-2) : parts.at(-1)) ?? '';
  return isNamed ? `${method} ${type}` : `LIST ${type}`;
}

export function callsOf({ requests }: Pick<Repair, 'requests'>): Calls {
  const calls: Record<string, number> = {};
  for (const request of requests) {
    const kind = kindOf(request);
    calls[kind] = (calls[kind] ?? 0) + 1;
  }
  return calls;
}

/**
 * The fewest calls, by kind, with which what this repair changed can be changed in safety. One for each change; and with it
 * - what has to be known before anything is changed, each once, and once more before the VM goes down, since an approval may take a day;
 * - whether something of that name is there, before it is made: an activity may run twice (docs/architecture.md, twice is once);
 * - what it is made from; how VM and disk stand before and after a deed (decision 9), and a second look at a disk that has to stand still;
 * - one look at the end of each operation, and what the SDK reads of its result; of a script those every two seconds from the shortest time
 *   on that such a script is known to take, without which its end is seen late;
 * - offline, the lists of what bears our tags: once to find, once to see that nothing is left; online, one look at the snapshot, which is all
 *   that was made beside scripts.
 */
export function leastCalls({ activity, requests, record, name }: Repair): Calls {
  const calls: Record<string, number> = {};
  const add = (many: Calls): void => {
    for (const [kind, count] of Object.entries(many)) calls[kind] = (calls[kind] ?? 0) + count;
  };
  const goesOffline = record.steps.some(({ id }) => id === 'offline-repair');
  add(ONCE);
  if (goesOffline) add(BEFORE_IT_GOES_DOWN);
  const scripts = new Map<string, number>();
  for (const { method, action, resource, at, endedAt } of activity) {
    const took = ((endedAt ?? at) - at) / 1000;
    const kind = `${method} ${action.split('/').slice(-2)[0] ?? ''}`;
    if (kind === 'PUT runCommands') {
      const vm = resource.split('/runCommands/')[0] ?? '';
      const shortest = scripts.get(vm) ?? 0;
      const from = Math.max(TIMING.guestScriptFirst, Math.floor(shortest * TIMING.guestScriptLearnt));
      const looks = 1 + Math.max(0, Math.ceil((took - from) / TIMING.guestScriptPoll));
      scripts.set(vm, Math.min(took, shortest || took));
      add({ 'PUT runCommands': 1, 'GET runCommands': 1 + looks });
    } else if (action.endsWith('/action')) add(ofAction(action, resource.endsWith(`/${name}`)));
    else add(OF_CHANGE[kind === 'PATCH virtualMachines' ? 'swap' : kind] ?? { [kind]: 1 });
  }
  const lists = {
    'LIST virtualMachines': 1,
    'LIST networkInterfaces': 1,
    'LIST disks': 1,
    'LIST snapshots': 1,
  };
  if (goesOffline) for (let time = 1; time <= 2; time += 1) add(lists);
  else add({ 'GET snapshots': 1 });
  add({ 'LIST runCommands': 2 });
  if (record.outages?.length) add({ 'GET virtualMachines': 1 });
  return only(calls, requests);
}

/** What has to be known of a VM: itself (also by the caller's request, before the remediation is accepted), its disk and network, who may what. */
const ONCE: Calls = {
  'GET virtualMachines': 2,
  'GET disks': 1,
  'GET networkInterfaces': 1,
  'GET publicIPAddresses': 1,
  'GET schedules': 1,
  'LIST locks': 4,
  'LIST permissions': 1,
  'LIST denyAssignments': 4,
  'POST checkPolicyRestrictions': 1,
  'GET subnets': 1,
  'GET networkSecurityGroups': 1,
};

/** The same once more; the sizes that the region offers; and afterwards the address, which may be another one. */
const BEFORE_IT_GOES_DOWN: Calls = {
  'GET virtualMachines': 2,
  'GET disks': 1,
  'GET networkInterfaces': 2,
  'GET publicIPAddresses': 2,
  'GET schedules': 1,
  'LIST locks': 4,
  'LIST permissions': 1,
  'LIST denyAssignments': 4,
  'POST checkPolicyRestrictions': 1,
  'LIST skus': 1,
};

const STANDING: Calls = { 'GET virtualMachines': 2, 'GET disks': 2 };

const OF_CHANGE: Readonly<Record<string, Calls>> = {
  'PUT snapshots': { 'PUT snapshots': 1, 'GET snapshots': 2, 'GET disks': 1, 'GET operation': 1 },
  'PUT disks': { 'PUT disks': 1, 'GET disks': 3, 'GET operation': 1 },
  'PUT networkInterfaces': { 'PUT networkInterfaces': 1, 'GET networkInterfaces': 2, 'GET operation': 1 },
  'PUT virtualMachines': { 'PUT virtualMachines': 1, 'GET virtualMachines': 3 },
  'PUT securityRules': { 'PUT securityRules': 1, 'GET securityRules': 2, 'GET operation': 1 },
  'PATCH disks': { 'PATCH disks': 1, 'GET disks': 1, 'GET operation': 2 },
  swap: { 'PATCH virtualMachines': 1, ...STANDING, 'GET disks': 3 },
  'DELETE runCommands': { 'DELETE runCommands': 1, 'GET runCommands': 1, 'GET operation': 1 },
  'DELETE disks': { 'DELETE disks': 1, 'GET disks': 1 },
  'DELETE snapshots': { 'DELETE snapshots': 1, 'GET snapshots': 1, 'GET operation': 1 },
  'DELETE virtualMachines': { 'DELETE virtualMachines': 1, 'GET virtualMachines': 1, 'GET operation': 1 },
};

function ofAction(action: string, isOwn: boolean): Calls {
  const verb = action.split('/').at(-2) ?? '';
  const deed = { [`POST ${verb}`]: 1 };
  if (verb === 'attachDetachDataDisks')
    return { ...deed, 'GET virtualMachines': 1, 'GET disks': 0.5, 'GET operation': 2 };
  if (verb === 'checkPolicyRestrictions' || !isOwn) return {};
  // A disk that has to stand still is looked at once more.
  const again = verb === 'deallocate' || verb === 'powerOff' ? 1 : 0;
  return { ...deed, 'GET virtualMachines': 2 + again, 'GET disks': 2 + again };
}

/** A kind of which none was made is not counted as one of the fewest. */
function only(least: Calls, requests: readonly LoggedRequest[]): Calls {
  const made = callsOf({ requests });
  return Object.fromEntries(Object.entries(least).filter(([kind]) => (made[kind] ?? 0) > 0));
}
