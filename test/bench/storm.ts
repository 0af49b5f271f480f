import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import { alertFor } from '../../local/demo/alert.ts';
import { openStage, type Stage } from '../../local/stage.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { createTally, type Tally } from './tally.ts';
import { keepPace } from './keep-pace.ts';

/** What a bad patch leaves behind, in turn: one VM in twenty has to go offline, one in a hundred is down and not to be touched. */
export const ONLINE = [
  'rdp-denied',
  'term-service',
  'rdp-security-layer',
  'rdp-certificate',
  'rdp-firewall',
  'machine-keys',
];
export const OFFLINE = 'tls-agent-not-ready';
const DOWN = 'stopped';
export const SUBSCRIPTIONS = [1, 2, 3, 4].map(
  (number) => `00000000-0000-4000-8000-00000000010${String(number)}`,
);
const ALERTS = 3;
/** Of the alert schema's targets, so many in one alert: more go to the queue (functions/triggers/alerts.ts). */
const TARGETS = 20;
/** As docs/scale.md recommends: more would only wait at Resource Manager. */
export const AT_A_TIME = 40;
const SINGLE = 'vm-single';
/** A VM that is lost never ends: it is counted after five hours. */
const PATIENCE_MS = 5 * 3_600_000;
/** When the single VM alerts, in seconds. */
const MIDDLE = 120;

export interface StormOptions {
  readonly vms: number;
  readonly storage: string;
  /** How many rescue VMs the quota of the region has room for, in all subscriptions together. */
  readonly rescueVms: number;
  readonly log?: (line: string) => void;
}

/** What became of a VM of the storm. */
export interface Struck {
  readonly name: string;
  readonly subscription: string;
  readonly fault: string;
  readonly isSingle: boolean;
  readonly records: readonly RemediationRecord[];
}

export interface Storm {
  readonly struck: readonly Struck[];
  /** From the first alert until the last remediation had ended, in seconds. */
  readonly makespan: number;
  readonly tally: Tally;
  readonly peakBytes: number;
  /** How long it took this machine. */
  readonly seconds: number;
}

/** A thousand VMs break at once, and each alerts three times; another one alerts in the middle. */
export async function playStorm({
  vms,
  storage,
  rescueVms,
  log = () => undefined,
}: StormOptions): Promise<Storm> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-storm-'));
  // The policy's rules count by the clock of this machine: what lies in their past would be long forgotten.
  const start = Date.now();
  const clock = createVirtualClock(start);
  const begun = performance.now();
  const tally = createTally();
  const fleet = fleetOf(vms, start);
  const stage = await openStage({
    clock,
    folder,
    storage,
    brief: true,
    stateInFile: true,
    fleet,
    probeSeconds: 0.5,
    lab: {
      assignedScopes: SUBSCRIPTIONS.map((id) => `/subscriptions/${id}`),
      log: tally.count,
      keptRequests: 0,
    },
    policy: {
      limits: { concurrentPerSubscription: AT_A_TIME },
      sources: { alert: { perHour: 10_000 } },
      defaults: { options: { adminAddresses: ['198.51.100.7'] } },
    },
  });
  limitQuota(stage, rescueVms / SUBSCRIPTIONS.length);
  const took = (): number => (performance.now() - begun) / 1000;
  let peakBytes = 0;
  const watch = setInterval(() => {
    const { rss } = process.memoryUsage();
    peakBytes = Math.max(peakBytes, rss);
    const lab = Math.round((clock.now() - start) / 1000);
    log(`${took().toFixed(0)} s: ${String(lab)} s of lab time, ${String(Math.round(rss / 1e6))} MB`);
  }, 5000);
  const pace = keepPace(clock, storage);
  try {
    const { virtualMachines } = stage.lab.store;
    const all = virtualMachines.within('/');
    const struck = all.filter(({ name }) => name !== SINGLE);
    const single = all.filter(({ name }) => name === SINGLE);
    const later = sleep(clock, MIDDLE * 1000).then(() =>
      alert(
        stage,
        single.map(({ id }) => id),
      ),
    );
    await alert(
      stage,
      struck.map(({ id }) => id),
    );
    await later;
    const up = all.filter(({ name }) => faultOf(fleet, name) !== DOWN);
    const ended = Promise.all(up.map(({ id }) => stage.host.finished(instanceIdOf(id.toLowerCase()))));
    await Promise.race([ended, sleep(clock, PATIENCE_MS)]);
    const makespan = (clock.now() - start) / 1000;
    const seconds = took();
    const results: Struck[] = [];
    for (const { id, name } of all)
      results.push({
        name,
        subscription: id.split('/')[2] ?? '',
        fault: faultOf(fleet, name),
        isSingle: name === SINGLE,
        records: await recordsOf(stage, id),
      });
    return { struck: results, makespan, tally, peakBytes, seconds };
  } finally {
    clearInterval(watch);
    pace.end();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function faultOf(fleet: readonly (FleetVm & { fault: string })[], name: string): string {
  return fleet.find(({ spec }) => spec.name === name)?.fault ?? '';
}

function fleetOf(vms: number, now: number): (FleetVm & { fault: string })[] {
  const named = (name: string, fault: string, subscriptionId: string): FleetVm & { fault: string } => {
    const vm = fleetVm(fault, { now });
    return { ...vm, fault, spec: { ...vm.spec, name, subscriptionId } };
  };
  const [first = ''] = SUBSCRIPTIONS;
  return [
    ...Array.from({ length: vms }, (_, index) =>
      named(`vm-${String(index)}`, faultAt(index), SUBSCRIPTIONS[index % SUBSCRIPTIONS.length] ?? ''),
    ),
    named(SINGLE, 'rdp-denied', first),
  ];
}

/** Of each subscription alike. */
function faultAt(index: number): string {
  return faultOfTurn(Math.floor(index / SUBSCRIPTIONS.length));
}

/** What is broken on a VM, by its place among those of its subscription. */
export function faultOfTurn(turn: number): string {
  if (turn % 100 === 50) return DOWN;
  return turn % 20 === 0 ? OFFLINE : (ONLINE[turn % ONLINE.length] ?? '');
}

/** Each subscription has room for its share of the rescue VMs beside what runs there, and no more. */
function limitQuota({ lab }: Stage, rescueVms: number): void {
  const { quota } = lab.catalogue;
  const vms = SUBSCRIPTIONS.map((id) => lab.store.virtualMachines.within(`/subscriptions/${id}`));
  const cores = Math.max(
    ...vms.map((own) =>
      own.reduce(
        (sum, { properties }) => sum + lab.catalogue.size(properties.hardwareProfile?.vmSize ?? '').vCpus,
        0,
      ),
    ),
  );
  for (const family of quota.keys()) quota.set(family, 1_000_000);
  quota.set('cores', cores + 2 * rescueVms);
}

/** Alert rules fire one after the other: one alert a second, each with as many VMs as one may have. */
async function alert(stage: Stage, ids: readonly string[]): Promise<void> {
  const { clock } = stage.lab;
  for (let time = 0; time < ALERTS; time += 1)
    for (let from = 0; from < ids.length; from += TARGETS) {
      const release = clock.hold();
      const answer = await stage.call('POST', '/api/alerts', alertFor(ids.slice(from, from + TARGETS)));
      if (!answer.ok) throw new Error(await answer.text());
      release();
      await sleep(clock, 1000);
    }
}

const listSchema = z.object({ remediations: z.array(z.object({ id: z.string() })) });

async function recordsOf(stage: Stage, vmId: string): Promise<RemediationRecord[]> {
  const answer = await stage.call('GET', `/api/remediations?vm=${encodeURIComponent(vmId)}`);
  const { remediations } = listSchema.parse(await answer.json());
  return Promise.all(
    remediations.map(async ({ id }) =>
      remediationRecordSchema.parse(await (await stage.call('GET', `/api/remediations/${id}`)).json()),
    ),
  );
}
