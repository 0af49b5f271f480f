import { createChance, randomActors } from '../../../../lab/actors/random.ts';
import { writeActors } from '../../../../lab/actors/write.ts';
import type { Behaviour } from '../../../../lab/arm/behaviour.ts';
import { groupId, resourceId } from '../../../../lab/arm/store/resource-id.ts';
import { makeCauseVms, makeFleet } from '../../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import type { Mode, RestoreWay } from '../../../../shared/model/request.ts';
import type { Person } from './person.ts';

/** A run: a broken VM, somebody who acts meanwhile, and an Azure that behaves in one of the ways it may. */
export interface Scenario {
  /** Of the VM, and of its resource group. */
  name: string;
  /** It has one to itself, so that rights can be taken away from the service for this run alone. */
  subscriptionId: string;
  /** The VM of the fleet that it is. */
  vm: string;
  /** Its agent does not answer: it can only be repaired offline. */
  silent: boolean;
  /** Its Remote Desktop is damaged besides: nothing repairs it. */
  hopeless: boolean;
  mode: Mode;
  way: RestoreWay;
  /** Index into `BEHAVIOURS`. */
  behaviour: number;
  /** Who speaks to the remediation itself. */
  person: Person;
  /** As `parseActors` reads them. */
  actors: string;
  /** What else is wrong with its Windows. */
  dress?: (disk: GuestDisk) => void;
  /** As `parseFaults` reads them; a start that fails leaves traces of its own. */
  faults: string;
}

/** Each way of each switch is in one of them, most pairs of ways as well. */
export const BEHAVIOURS: readonly Partial<Behaviour>[] = [
  {},
  { swap: 'deallocated', failedStartMovesOwnership: false, powerMovesEtag: true, reservedAfterSeconds: 90 },
  { failedStartMovesOwnership: false, reservedAfterSeconds: 90, roleChangeSeconds: 300 },
  { swap: 'not-running', powerMovesEtag: true },
];

export function scopeOf({ subscriptionId, name }: Pick<Scenario, 'name' | 'subscriptionId'>): string {
  return groupId(subscriptionId, name);
}

export function vmIdOf({ subscriptionId, name }: Pick<Scenario, 'name' | 'subscriptionId'>): string {
  return resourceId(subscriptionId, name, 'Microsoft.Compute/virtualMachines', name);
}

/** Not these: the one needs a domain's other member, the others belong to runs of all VMs at once. */
const NOT_HERE = ['rdp-certificate-peer'];
const BROKEN = [...makeFleet({ now: 0 }), ...makeCauseVms({ now: 0 })]
  .filter(({ cause, spec }) => cause !== undefined && !NOT_HERE.includes(spec.name))
  .map(({ spec }) => spec.name);

/** Around these a VM is down, or on its way: somebody who comes then meets the most. */
const AROUND_AN_OUTAGE = [
  'deallocate/action',
  'deallocate/action',
  'start/action',
  'write',
  'attachDetachDataDisks/action',
  'runCommands/write',
].map((action) => `Microsoft.Compute/virtualMachines/${action}`);

/**
 * How often a VM is one that only an offline repair helps, and how often one is only looked at. The first have the most to lose, and
 * take ten times as long to play as the second.
 */
const SILENT = 0.13;
const ONLY_LOOKED_AT = 0.6;
const HOPELESS = 0.15;
const FAILING_START = 0.2;
const CANCELS = 0.15;
const ANSWERS = 0.85;
const APPROVES = 0.8;

/** @param seed a whole number: the same run for the same one */
export function scenarioOf(seed: number): Scenario {
  const chance = createChance(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const name = `m${String(seed)}`;
  const subscriptionId = `00000000-0000-4000-9000-${String(seed).padStart(12, '0')}`;
  const fate = chance();
  const silent = fate < SILENT;
  return {
    name,
    subscriptionId,
    vm: BROKEN[below(BROKEN.length)] ?? '',
    silent,
    hopeless: chance() < HOPELESS,
    mode: fate < 1 - ONLY_LOOKED_AT ? 'full' : 'diagnose',
    way: chance() < 0.5 ? 'swap' : 'rebuild',
    behaviour: seed % BEHAVIOURS.length,
    faults: chance() < FAILING_START ? `*start/action@/${name}/=fail(AllocationFailed)` : '',
    actors: writeActors(
      randomActors(below(2 ** 31), {
        vm: vmIdOf({ subscriptionId, name }),
        callsOn: `/${name}/`,
        count: 1 + below(3),
        withinSeconds: silent ? 1200 : 200,
        ...(silent && { calls: [...AROUND_AN_OUTAGE, 'Microsoft.Compute/disks/write'], atLatest: 2 }),
      }),
    ),
    person: personOf(chance),
  };
}

function personOf(chance: () => number): Person {
  const seconds = (limit: number): number => Math.floor(chance() * limit);
  return {
    ...(chance() < CANCELS && { cancelsAfter: seconds(1200) }),
    ...(chance() < ANSWERS && { answers: { after: seconds(3600), approved: chance() < APPROVES } }),
  };
}

/** For whoever has to look at it: how to run it alone, and what it is. */
export function tell(scenario: Scenario): string {
  return Object.entries(scenario)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('\n  ');
}
