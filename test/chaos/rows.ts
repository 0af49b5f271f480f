import { createMeddlingGuests, type Meddler } from './support/meddling.ts';
import { openArena, runsToCome, STORIES, type Story } from './support/arena.ts';
import type { MortalTheatre } from './support/mortal-theatre.ts';
import { troubleEveryCall, tellMeeting } from './rows/calls.ts';
import { crashEverywhere, tellPoint } from './rows/crash.ts';
import { fuzzReaders } from './rows/fuzz.ts';
import { misbehave } from './rows/guest.ts';
import { chaoticRun, playChaos } from './rows/random.ts';
import { stormTwoHosts } from './rows/two-hosts.ts';

/** A line of the table. */
export interface Told {
  row: string;
  figure: string;
  goal: string;
  holds: boolean;
}

/** What a row found, with everything that is wrong in words. */
export interface Outcome {
  told: Told[];
  wrong: string[];
}

export interface Size {
  /** One case in so many, of these stories. */
  oneIn: number;
  /** Of the row `calls`, those alone whose words hold this text. */
  only: string;
  stories: readonly Story[];
  /** Random runs, VMs of the storm, and inputs of each reader. */
  runs: number;
  vms: number;
  inputs: number;
  seed: number;
}

/** What `npm run chaos` runs. */
export const WHOLE: Size = {
  oneIn: 1,
  only: '',
  stories: Object.values(STORIES),
  runs: 500,
  vms: 24,
  inputs: 100_000,
  seed: 1,
};
/** What the tests run: seconds of each. */
export const SHORT: Size = { oneIn: 200, only: '', stories: [STORIES.swap], runs: 4, vms: 4, inputs: 100, seed: 1 };

/** Where a row is played. */
export interface Scene {
  theatre: MortalTheatre;
  meddler: Meddler;
}

type Row = (scene: Scene, size: Size) => Promise<Outcome>;

export const ROWS = { crash, calls, guest, random, hosts, fuzz } as const satisfies Record<string, Row>;
export type RowName = keyof typeof ROWS;

/** Opens what rows are played in: one in a process, since the app reads its settings once. @param storage connection string of an account */
export async function openScene(storage: string, size: Size): Promise<Scene> {
  const meddler: Meddler = { nth: 0, seen: 0, meddle: undefined };
  const scenarios = [...seedsOf(size).map(chaoticRun), ...runsToCome(MOST_RUNS)];
  return { meddler, theatre: await openArena(storage, scenarios, createMeddlingGuests(meddler)) };
}

/** More than any row plays. */
const MOST_RUNS = 4000;

async function crash({ theatre }: Scene, { oneIn, stories }: Size): Promise<Outcome> {
  const before = theatre.host.deaths();
  const crashed = await crashEverywhere(theatre, stories, oneIn);
  const deaths = String(theatre.host.deaths() - before);
  const wrong = crashed.flatMap(({ point, faults }) =>
    faults.map((fault) => `${tellPoint(point)}: ${fault}`),
  );
  return outcome(
    'the host dies after each stored turn, and in each change that it asks of Azure',
    `${String(crashed.length)} points, ${deaths} deaths, ${String(wrong.length)} ended otherwise, did something twice or left something`,
    'the same end, each effect once, nothing left',
    wrong,
  );
}

async function calls({ theatre }: Scene, size: Size): Promise<Outcome> {
  const met = await troubleEveryCall(theatre, size);
  const wrong = met.flatMap(({ meeting, faults }) =>
    faults.map((fault) => `${tellMeeting(meeting)}: ${fault}`),
  );
  const asEver = met.filter((one) => one.asEver).length;
  return outcome(
    'each kind of call to Azure meets each trouble',
    `${String(met.length)} meetings, ${String(asEver)} ended as undisturbed, ${String(met.length - asEver)} as found with the reason, ${String(wrong.length)} otherwise`,
    'repaired, or as it was with the reason; the VM runs; nothing left',
    wrong,
  );
}

async function guest({ theatre, meddler }: Scene, { oneIn }: Size): Promise<Outcome> {
  const behaved = await misbehave(theatre, meddler, Math.min(oneIn, 12));
  const wrong = behaved.flatMap(({ what, faults }) => faults.map((fault) => `${what}: ${fault}`));
  const repaired = behaved.filter((one) => one.repaired).length;
  return outcome(
    'Windows hangs, lies, restarts, falls silent, is full, or lives in another decade',
    `${String(behaved.length)} cases, ${String(repaired)} repaired all the same, ${String(wrong.length)} wrong`,
    'repaired, or as it was with the reason; the VM runs',
    wrong,
  );
}

function seedsOf({ runs, seed }: Size): number[] {
  return Array.from({ length: runs }, (_, index) => seed * 100_000 + index);
}

async function random({ theatre }: Scene, size: Size): Promise<Outcome> {
  const before = theatre.host.deaths();
  const wrong = await playChaos(theatre, seedsOf(size), size.seed);
  return outcome(
    'somebody acts, calls fail and the host dies, all at random',
    `${String(size.runs)} runs from seed ${String(size.seed)}, ${String(theatre.host.deaths() - before)} deaths, ${String(wrong.length)} broke an invariant`,
    'no invariant of a moving world is broken',
    wrong,
  );
}

async function hosts({ theatre }: Scene, { vms, seed }: Size): Promise<Outcome> {
  const before = theatre.host.deaths();
  const wrong = await stormTwoHosts(theatre, vms, seed);
  return outcome(
    'two hosts of one hub, storms at both, one dies at random',
    `${String(vms)} VMs, each asked for six times, ${String(theatre.host.deaths() - before)} deaths, ${String(wrong.length)} wrong`,
    'one remediation for each VM',
    wrong,
  );
}

/** A hang, or unbounded memory, is more than this: a busy machine takes its time now and then. */
const SLOWEST_MS = 2000;
const MOST_MIB = 500;

async function fuzz(_: unknown, { inputs, seed }: Size): Promise<Outcome> {
  const fuzzed = await fuzzReaders(inputs, seed);
  const results = fuzzed.map(({ reader, crashes, slowestMs, grewMiB }): Outcome => {
    const wrong = [
      ...crashes.map((crash) => `${reader}: ${crash}`),
      ...(slowestMs > SLOWEST_MS ? [`${reader}: one input took ${slowestMs.toFixed(0)} ms`] : []),
      ...(grewMiB > MOST_MIB ? [`${reader}: grew by ${grewMiB.toFixed(0)} MiB`] : []),
    ];
    return outcome(
      `spoilt inputs: ${reader}`,
      `${String(inputs)} inputs from seed ${String(seed)}, ${String(crashes.length)} crashes, the slowest ${slowestMs.toFixed(0)} ms, ${grewMiB.toFixed(0)} MiB more`,
      'no crash, no hang, no memory without bounds',
      wrong,
    );
  });
  return { told: results.flatMap(({ told }) => told), wrong: results.flatMap(({ wrong }) => wrong) };
}

function outcome(row: string, figure: string, goal: string, wrong: string[]): Outcome {
  return { told: [{ row, figure, goal, holds: wrong.length === 0 }], wrong };
}
