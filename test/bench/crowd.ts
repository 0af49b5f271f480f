import { createComputeLimiter } from '../../lab/arm/access/compute-limits.ts';
import { AZURE_RATE_LIMITS, createRateLimiter, type RateLimiter } from '../../lab/arm/access/rate-limit.ts';
import type { Principal } from '../../lab/arm/access/identity.ts';
import { ArmError } from '../../lab/arm/errors.ts';
import type { LoggedRequest } from '../../lab/arm/request-log.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { createVirtualClock, type VirtualClock } from '../../lab/clock/virtual.ts';
import { spreadSeconds, TIMING } from '../../shared/repair/timing.ts';
import { createTally, type Tally } from './tally.ts';
import { START, type Repair } from './repair.ts';

type Call = Pick<LoggedRequest, 'method' | 'path'>;

/** Calls that come together, as an activity makes them, and how many seconds after those before. */
interface Beat {
  readonly after: number;
  readonly calls: readonly Call[];
}

/** What Azure is asked for in a remediation, one beat after the other. */
export interface Score {
  readonly beats: readonly Beat[];
  /** The beats from which on, and until which, it has a rescue VM. */
  readonly rescue?: { readonly from: number; readonly until: number };
}

/** The calls of a remediation that was played on its own, with nobody else at Azure. */
export function scoreOf({ asked, ended, requests }: Pick<Repair, 'asked' | 'ended' | 'requests'>): Score {
  const moments = [...Map.groupBy(requests, ({ at }) => at)].sort(([a], [b]) => a - b);
  const beats = moments.map(([at, calls], index): Beat => {
    const before = moments[index - 1]?.[0] ?? asked;
    return { after: (at - before) / 1000, calls };
  });
  beats.push({ after: (ended - (moments.at(-1)?.[0] ?? ended)) / 1000, calls: [] });
  const ofRescueVm = (method: string) => (beat: Beat) =>
    beat.calls.some((call) => call.method === method && call.path.endsWith('-rescue-vm'));
  const from = beats.findIndex(ofRescueVm('PUT'));
  return { beats, ...(from >= 0 && { rescue: { from, until: beats.findLastIndex(ofRescueVm('DELETE')) } }) };
}

export interface CrowdOptions {
  readonly subscriptions: readonly string[];
  /** Of each subscription, in the order in which they begin. */
  readonly scores: readonly Score[];
  /** How many of a subscription are remediated at a time. */
  readonly places: number;
  /** How many rescue VMs the quota of a subscription has room for. */
  readonly rescueVms: number;
}

export interface Crowd {
  /** Until the last remediation had ended, in seconds. */
  readonly makespan: number;
  readonly ended: number;
  /** Those that waited longer for a rescue VM than the service does. */
  readonly gaveUp: number;
  /** How long each of those who had a rescue VM had it, in seconds. */
  readonly holds: readonly number[];
  readonly tally: Tally;
}

/** Longer than it takes until a message that waits hears of a free place. */
const UNTIL_NEXT = 10;
const SERVICE: Principal = { clientId: 'service', objectId: 'service', tenantId: 'tenant' };

/**
 * Plays the calls of so many remediations against the token buckets of Resource Manager and Compute, and the quota: thousands of VMs, of
 * which nothing else is there. An activity that is refused makes all its calls anew, as the service does.
 */
export async function playCrowd(options: CrowdOptions): Promise<Crowd> {
  const clock = createVirtualClock(START);
  const buckets = {
    arm: createRateLimiter(clock, AZURE_RATE_LIMITS),
    compute: createComputeLimiter(clock, { find: () => undefined }),
  };
  const tally = createTally();
  const holds: number[] = [];
  let gaveUp = 0;
  await Promise.all(
    options.subscriptions.map(async (subscription) => {
      const rescueVms = { free: options.rescueVms };
      const queue = [...options.scores.entries()].values();
      const place = async (): Promise<void> => {
        for (const [index, score] of queue) {
          const vm = { name: `vm-${String(index)}`, subscription };
          const player = { clock, buckets, tally, holds, rescueVms, vm };
          if (!(await play(player, score))) gaveUp += 1;
          await sleep(clock, UNTIL_NEXT * 1000);
        }
      };
      await Promise.all(Array.from({ length: options.places }, place));
    }),
  );
  return {
    makespan: (clock.now() - START) / 1000 - UNTIL_NEXT,
    ended: options.subscriptions.length * options.scores.length - gaveUp,
    gaveUp,
    holds,
    tally,
  };
}

interface Player {
  readonly clock: VirtualClock;
  readonly buckets: { readonly arm: RateLimiter; readonly compute: ReturnType<typeof createComputeLimiter> };
  readonly tally: Tally;
  readonly holds: number[];
  readonly rescueVms: { free: number };
  readonly vm: { readonly name: string; readonly subscription: string };
}

/** @returns false where it gave up waiting for a rescue VM */
async function play(player: Player, { beats, rescue }: Score): Promise<boolean> {
  const { clock, rescueVms, holds } = player;
  let since = 0;
  for (const [index, { after, calls }] of beats.entries()) {
    await sleep(clock, after * 1000);
    if (index === rescue?.from && !(await takeRescueVm(player))) return false;
    if (index === rescue?.from) since = clock.now();
    await perform(player, calls);
    if (index !== rescue?.until) continue;
    holds.push((clock.now() - since) / 1000);
    rescueVms.free += 1;
  }
  return true;
}

async function takeRescueVm({ clock, rescueVms, vm }: Player): Promise<boolean> {
  const since = clock.now();
  for (let tries = 1; rescueVms.free === 0; tries += 1) {
    if (clock.now() - since >= TIMING.quotaLimit * 1000) return false;
    await sleep(clock, (TIMING.quotaPause + spreadSeconds(vm.name, tries)) * 1000);
  }
  rescueVms.free -= 1;
  return true;
}

async function perform(player: Player, calls: readonly Call[]): Promise<void> {
  for (let throttled = 1; ; throttled += 1) {
    const wait = refusalOf(player, calls);
    if (wait === undefined) return;
    await sleep(player.clock, (wait + spreadSeconds(player.vm.name, throttled)) * 1000);
  }
}

/** Asks for one after the other; gives back after how many seconds to ask again, where one is refused. */
function refusalOf({ buckets, tally, vm }: Player, calls: readonly Call[]): number | undefined {
  for (const { method, path } of calls) {
    const own = ownPath(path, vm);
    try {
      buckets.arm.take(method, vm.subscription, SERVICE);
      buckets.compute.take(method, own);
      tally.count(`- ${method} ${own} 200`);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      tally.count(`- ${method} ${own} ${String(error.status)}`);
      return Number(error.extras.headers?.['Retry-After'] ?? 1);
    }
  }
  return undefined;
}

/** Each remediation has its own VM, and its own rescue VM with all that belongs to it. */
function ownPath(path: string, { name, subscription }: Player['vm']): string {
  return path
    .replace(/^\/subscriptions\/[^/]+/i, `/subscriptions/${subscription}`)
    .replace(/rdp-medic-[0-9a-f]{12}/gi, `rdp-medic-${name}`)
    .replace(/\/virtualMachines\/(?!rdp-medic-)[^/]+/i, `/virtualMachines/${name}`);
}
