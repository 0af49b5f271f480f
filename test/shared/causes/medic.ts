import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { Guest } from '../../../lab/windows/guest.ts';
import { diagnose, faultsOf } from '../../../shared/causes/catalogue.ts';
import type { Done, RepairOptions } from '../../../shared/causes/cause.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { applyParameters, collectParameters, type GuestPlace } from '../../../shared/guest/parameters.ts';
import { readAnswer } from '../../../shared/guest/read-answer.ts';
import { VERBS, type Change } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import { rescueDisk } from '../../guest/support/guest.ts';
import { createBench, type Bench, type BenchVm } from '../../lab/windows/support.ts';
import { lookAt } from './facts.ts';

const LUN = 2;
const MOST_ROUNDS = 3;
let runs = 0;

/** One Windows, running or on a disk, as the scripts and the causes see it. */
export interface Patient {
  facts(): Promise<Facts>;
  apply(changes: readonly Change[]): Promise<GuestAnswer>;
  restart(): Promise<void>;
}

export function patientOf(bench: Bench, vm: BenchVm): Patient {
  const { guest } = vm;
  return {
    facts: () => factsOf(bench, guest, { scope: 'online' }),
    apply: (changes) => applyTo(bench, guest, { scope: 'online' }, changes),
    restart: () => vm.restart(),
  };
}

/** The disk on a rescue VM. */
export async function onRescue(bench: Bench, disk: GuestDisk): Promise<Patient> {
  const { guest } = await bench.boot('rescue', { disk: rescueDisk() });
  guest.attachDisk(LUN, disk);
  const place = { scope: 'offline', lun: LUN } as const;
  return {
    facts: () => factsOf(bench, guest, place),
    apply: (changes) => applyTo(bench, guest, place, changes),
    restart: () => Promise.resolve(),
  };
}

function place(where: Omit<GuestPlace, 'nonce'>): GuestPlace {
  runs++;
  return { ...where, nonce: runs.toString(16).padStart(32, '0') };
}

async function factsOf(bench: Bench, guest: Guest, where: Omit<GuestPlace, 'nonce'>): Promise<Facts> {
  const here = place(where);
  const answer = await run(bench, guest, 'collect', here.nonce, collectParameters(here));
  if (!answer.facts) throw new Error(`no facts: ${JSON.stringify(answer.error)}`);
  return answer.facts;
}

async function applyTo(
  bench: Bench,
  guest: Guest,
  where: Omit<GuestPlace, 'nonce'>,
  changes: readonly Change[],
): Promise<GuestAnswer> {
  const here = place(where);
  const { parameters } = applyParameters(here, changes);
  return run(bench, guest, 'apply', here.nonce, parameters);
}

async function run(
  bench: Bench,
  guest: Guest,
  script: 'collect' | 'apply',
  nonce: string,
  parameters: Record<string, string>,
): Promise<GuestAnswer> {
  const { stdout, stderr, seconds } = await guest.runScript({ text: composeScript(script), parameters });
  // What it took passes for everybody.
  bench.clock.setTimer(bench.clock.now() + seconds * 1000, () => undefined);
  await bench.clock.idle();
  return readAnswer({ stdoutTail: stdout, stderrTail: stderr, whole: stdout }, { nonce, script });
}

/** What did not end well, by the words of its kind. */
export function notGood(done: readonly Done[]): Done[] {
  return done.filter(({ change, outcome }) => {
    const good = change.do === 'registry' ? ['written', 'stands'] : VERBS[change.do].good;
    return !good.includes(outcome.word);
  });
}

/** Restarts once, after everything else. */
function restartLast(changes: readonly Change[]): Change[] {
  const restarts = changes.filter(({ do: verb }) => verb === 'Restart-RdpServices');
  const longest = restarts.toSorted(
    (one, other) => JSON.stringify(other).length - JSON.stringify(one).length,
  );
  return [...changes.filter(({ do: verb }) => verb !== 'Restart-RdpServices'), ...longest.slice(0, 1)];
}

/** Judges and mends in rounds, as long as a cause has something to give; what was done, oldest first. */
export async function treat(patient: Patient, options: Partial<RepairOptions> = {}): Promise<Done[]> {
  const done: Done[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const look = lookAt(await patient.facts(), { done, options });
    const mending = CAUSES.filter((cause) => cause.repair(look).length > 0);
    const changes = restartLast(mending.flatMap((cause) => cause.repair(look)));
    if (changes.length === 0) break;
    const { error, outcomes } = await patient.apply(changes);
    if (error) throw new Error(`${error.code}: ${error.message}`);
    for (const [index, change] of changes.entries()) {
      const outcome = outcomes[index];
      if (outcome) done.push({ change, outcome });
    }
    if (mending.some(({ takesEffect }) => takesEffect === 'with-restart-of-vm')) await patient.restart();
  }
  return done;
}

export async function faultsIn(patient: Patient): Promise<string[]> {
  return faultsOf(diagnose(lookAt(await patient.facts())));
}

export { createBench };
