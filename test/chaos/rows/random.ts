import { createChance } from '../../../lab/actors/random.ts';
import { judge } from '../../e2e/moving/model/judge.ts';
import { play } from '../../e2e/moving/model/play.ts';
import { BEHAVIOURS, scenarioOf, type Scenario } from '../../e2e/moving/model/scenario.ts';
import { batchesOf } from '../support/batches.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';

const AT_ONCE = 64;

/** A run by chance: whoever acts on the VM, a call of the service that fails, and deaths of the host. */
export function chaoticRun(seed: number): Scenario {
  const scenario = scenarioOf(seed);
  const chance = createChance(seed + 7_000_000);
  const oneOf = (list: readonly string[]): string => list[Math.floor(chance() * list.length)] ?? '';
  if (chance() < 0.4) return scenario;
  const call = oneOf(CALLS);
  // The first reading is the door's, which answers its caller by itself.
  const nth = (call.endsWith('/read') ? 2 : 1) + Math.floor(chance() * 3);
  const fault = `${String(nth)}+${oneOf(['1', '1', '3'])} ${call}@/${scenario.name}/=${oneOf(EFFECTS)}`;
  return { ...scenario, faults: [scenario.faults, fault].filter((text) => text !== '').join('; ') };
}

const CALLS = [
  'PUT:*snapshots/write',
  'PUT:*disks/write',
  'PUT:*virtualMachines/write',
  'PUT:*networkInterfaces/write',
  '*attachDetachDataDisks/action',
  '*deallocate/action',
  'PATCH:*virtualMachines/write',
  '*start/action',
  'PUT:*runCommands/write',
  '*disks/delete',
  '*virtualMachines/delete',
  '*virtualMachines/read',
];
const EFFECTS = [
  '429/20',
  '500(InternalServerError)',
  '503(ServiceUnavailable)',
  'reset',
  'lose-answer',
  'fail(InternalExecutionError)',
  '409(Conflict)',
  'hang(900)',
];

/** Turns between two deaths, about. */
const TURNS_A_LIFE = 400;

/** @param seed of the deaths; the runs have their own */
export async function playChaos(
  theatre: MortalTheatre,
  seeds: readonly number[],
  seed: number,
): Promise<string[]> {
  const chance = createChance(seed);
  theatre.reaper.afterTurn = () => chance() < 1 / TURNS_A_LIFE;
  theatre.reaper.inCall = () => chance() < 1 / TURNS_A_LIFE;
  const runs = seeds.map(chaoticRun);
  const faults: string[] = [];
  for (const behaviour of BEHAVIOURS.keys())
    for (const some of batchesOf(
      runs.filter((run) => run.behaviour === behaviour),
      AT_ONCE,
    )) {
      const played = await play(theatre, some, Date.now());
      faults.push(...(await judge(theatre, played)));
    }
  theatre.reaper.afterTurn = undefined;
  theatre.reaper.inCall = undefined;
  return faults;
}
