import type { Activity } from '../../lab/arm/activity/activity-log.ts';
import { BOOT_SECONDS } from '../../lab/windows/factory.ts';

/** Something that Azure or Windows does, and what has to be over before it may begin. Seconds. */
interface Link {
  readonly what: string;
  readonly seconds: number;
  readonly after: readonly Link[];
}

type Ended = Activity & { endedAt: number };

/**
 * The longest chain of operations that Azure and Windows force upon a repair that loses no write, in seconds: each with the time that it took in
 * this very repair (lab/arm/timings.ts, the scripts), in the order that their true dependencies ask for. Our own waiting and polling is in
 * none of it, nor is what we do one after the other and could do side by side. Why each waits for the others: docs/performance.md.
 * @param activity what Azure was asked for
 * @param until when RDP answered: what began afterwards is not part of it
 */
export function forcedPath(activity: readonly Activity[], until: number, vm: string): ForcedPath {
  const ended = activity.filter(
    (one): one is Ended => one.endedAt !== undefined && one.endedAt <= until && one.endedAt > one.at,
  );
  const goesDown = ended.some(isStop);
  const last = goesDown ? offline(ended, vm) : online(ended, vm);
  return { toRdp: longest(last.end), downtime: last.stop ? longest(last.end) - longest(last.stop.after) : 0 };
}

/** In seconds. */
export interface ForcedPath {
  /** From the request until RDP answers. */
  readonly toRdp: number;
  /** From asking the VM to stop until RDP answers; 0 where it is not taken down for an offline repair. */
  readonly downtime: number;
}

interface End {
  readonly end: readonly Link[];
  readonly stop?: Link | undefined;
}

/** Scripts one after the other, since each is chosen by the answer of the last; what changes something also after the snapshot. */
function online(ended: readonly Ended[], vm: string): End {
  const links: Link[] = [];
  const snapshot = ended.filter((one) => isMade(one, 'snapshots', 'snapshot')).map((one) => link(one, []));
  let before: Link[] = [];
  for (const one of ended.filter((it) => isScript(it) || isRestart(it) || isRule(it))) {
    const changes = !/-collect-/.test(one.resource);
    const next = link(one, changes ? [...before, ...snapshot] : before);
    before = isRestart(one) ? [booted(vm, [next])] : [next];
    links.push(next, ...before);
  }
  return { end: links };
}

/**
 * A rescue VM, a rehearsal on a copy of the safety snapshot, then the same on a copy of the disk that stands still. The first copy has
 * to be off the rescue VM before the second is on it: Windows takes two disks of one identity for one.
 */
function offline(ended: readonly Ended[], vm: string): End {
  const find = (is: (one: Ended) => boolean, number = 0): Ended[] =>
    ended.filter(is).slice(number, number + 1);
  const made = (what: readonly Ended[], after: readonly Link[]): Link[] =>
    what.map((one) => link(one, after));
  const attaches = (one: Ended): boolean => one.action.endsWith('/attachDetachDataDisks/action');

  const nic = made(
    find((one) => isMade(one, 'networkInterfaces', 'rescue-nic')),
    [],
  );
  const rescueVm = made(
    find((one) => isMade(one, 'virtualMachines', 'rescue-vm')),
    nic,
  );
  const snapshot = made(
    find((one) => isMade(one, 'snapshots', 'snapshot')),
    [],
  );
  const rehearsed = made(
    find((one) => isMade(one, 'disks', 'rehearsal-disk')),
    snapshot,
  );
  const firstOn = made(find(attaches), [...rescueVm, ...rehearsed]);
  const stop = find(isStop)[0];
  const before = ended.filter((one) => isScript(one) && one.at < (stop?.at ?? 0));
  const rehearsal = before.reduce<Link[]>((chain, one) => made([one], chain), firstOn);
  const firstOff = made(find(attaches, 1), rehearsal);
  const stopped = made(stop ? [stop] : [], rehearsal);
  const copied = made(
    find((one) => isMade(one, 'disks', 'repair-disk')),
    stopped,
  );
  const on = made(find(attaches, 2), [...copied, ...firstOff]);
  const scripts = ended.filter((one) => isScript(one) && one.at > (stop?.at ?? 0));
  const repaired = scripts.reduce<Link[]>((chain, one) => made([one], chain), on);
  const off = made(find(attaches, 3), repaired);
  const onVm = ended.filter((one) => one.at > (stop?.at ?? 0) && isName(one.resource, vm) && !isStop(one));
  const under = onVm.reduce<Link[]>((chain, one) => made([one], chain), [...off, ...stopped]);
  return { end: [booted(vm, under)], stop: stopped[0] };
}

function link(one: Ended, after: readonly Link[]): Link {
  return { what: `${one.method} ${one.action}`, seconds: (one.endedAt - one.at) / 1000, after };
}

/** From power to services and RDP. */
function booted(vm: string, after: readonly Link[]): Link {
  return { what: `Windows of ${vm} boots`, seconds: BOOT_SECONDS, after };
}

/** Each link is asked for once. */
function longest(links: readonly Link[], known = new Map<Link, number>()): number {
  const ends = links.map((one) => {
    const end = known.get(one) ?? one.seconds + longest(one.after, known);
    known.set(one, end);
    return end;
  });
  return Math.max(0, ...ends);
}

function isMade({ method, action, resource }: Ended, type: string, role: string): boolean {
  return (
    method === 'PUT' &&
    action.endsWith(`/${type}/write`) &&
    new RegExp(`-[0-9a-f]{12}-${role}$`).test(resource)
  );
}

function isScript({ method, action }: Ended): boolean {
  return method === 'PUT' && action.endsWith('/runCommands/write');
}

function isRestart({ action }: Ended): boolean {
  return action.endsWith('/restart/action');
}

function isRule({ method, action }: Ended): boolean {
  return method === 'PUT' && action.endsWith('/securityRules/write');
}

export function isStop({ action }: Pick<Activity, 'action'>): boolean {
  return /\/virtualMachines\/(deallocate|powerOff)\/action$/.test(action);
}

function isName(resource: string, name: string): boolean {
  return resource.toLowerCase().endsWith(`/${name.toLowerCase()}`);
}
