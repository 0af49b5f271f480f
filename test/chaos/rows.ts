import { startFaultyStorage, type FaultyStorage } from './support/faulty-storage.ts';
import { createMeddlingGuests, type Meddler } from './support/meddling.ts';
import { openArena, runsToCome, STORIES, type Story } from './support/arena.ts';
import type { MortalTheatre } from './support/mortal-theatre.ts';
import { openReplay, recordedScenarios } from '../histories/replay.ts';
import { troubleEveryCall } from './rows/calls.ts';
import { crashEverywhere, tellPoint } from './rows/crash.ts';
import { fuzzReaders } from './rows/fuzz.ts';
import { misbehave } from './rows/guest.ts';
import { chaoticRun, playChaos } from './rows/random.ts';
import { troubleOutside } from './rows/outside.ts';
import { troubleStorageCalls } from './rows/storage.ts';
import { tellMeeting, type MeetingOf, type Met } from './support/meetings.ts';
import { stormTwoHosts } from './rows/two-hosts.ts';

/** A row of the table: what was counted, in the words of the figure, and what is wrong. Parts of a row are added up. */
export interface Outcome {
  row: string;
  goal: string;
  counts: Readonly<Record<string, number>>;
  wrong: readonly string[];
}

export interface Size {
  /** One case in so many, of these stories. */
  oneIn: number;
  /** Of the rows `calls` and `storage`, those alone whose words hold this text. */
  only: string;
  /** Of these rows, each meeting is played in a run of its own. */
  alone: boolean;
  stories: readonly Story[];
  /** Random runs, and which equal share of them; VMs of the storm, and inputs of each reader. */
  runs: number;
  share: { index: number; of: number };
  vms: number;
  inputs: number;
  seed: number;
}

/** What `npm run chaos` runs. */
export const WHOLE: Size = {
  oneIn: 1,
  only: '',
  alone: false,
  stories: Object.values(STORIES),
  runs: 1000,
  share: { index: 0, of: 1 },
  vms: 24,
  inputs: 100_000,
  seed: 1,
};
/** What the tests of every night run: seconds of each, but for the random runs, which take some minutes. */
export const SHORT: Size = {
  ...WHOLE,
  oneIn: 200,
  stories: [STORIES.swap],
  runs: 200,
  vms: 4,
  inputs: 100,
};

/** Where a row is played. */
export interface Scene {
  theatre: MortalTheatre;
  meddler: Meddler;
  /** Where the row `storage` is played: all else takes the straight way to the account. */
  storage?: FaultyStorage;
}

type Row = (scene: Scene, size: Size) => Promise<Outcome[]>;

export const ROWS = { crash, calls, storage, guest, random, hosts, fuzz } as const satisfies Record<
  string,
  Row
>;
export type RowName = keyof typeof ROWS;

/**
 * Opens what these rows are played in: one in a process, since the app reads its settings once.
 * @param connection string of an account
 */
export async function openScene(connection: string, size: Size, rows: readonly RowName[]): Promise<Scene> {
  const meddler: Meddler = { nth: 0, seen: 0, meddle: undefined };
  const scenarios = [
    ...(rows.includes('random') ? seedsOf(size).map(chaoticRun) : []),
    ...(rows.every((row) => row === 'random') ? [] : runsToCome(MOST_RUNS)),
  ];
  const storage = rows.includes('storage') ? await startFaultyStorage(connection) : undefined;
  return {
    meddler,
    ...(storage && { storage }),
    theatre: await openArena(
      storage?.connectionString ?? connection,
      scenarios,
      createMeddlingGuests(meddler),
    ),
  };
}

export async function closeScene({ theatre, storage }: Scene): Promise<void> {
  await theatre.close();
  await storage?.close();
}

/** More than any row plays. */
const MOST_RUNS = 4000;

async function crash({ theatre }: Scene, { oneIn, stories }: Size): Promise<Outcome[]> {
  const before = theatre.host.deaths();
  const crashed = await crashEverywhere(theatre, stories, oneIn);
  const wrong = crashed.flatMap(({ point, faults }) =>
    faults.map((fault) => `${tellPoint(point)}: ${fault}`),
  );
  const count = (which: (fault: string) => boolean): number =>
    crashed.filter(({ faults }) => faults.some(which)).length;
  return [
    {
      row: 'the host dies after each stored turn, and in each change that it asks of Azure',
      goal: 'the same end, each effect once, nothing left',
      counts: {
        points: crashed.length,
        deaths: theatre.host.deaths() - before,
        'with another end': count((fault) => fault.startsWith('ended ')),
        'with something done twice': count((fault) => fault.endsWith(' times')),
        'with something left': count((fault) => fault.includes('left behind')),
      },
      wrong,
    },
  ];
}

/** What became of runs whose calls met troubles. */
function metOutcome(row: string, met: readonly Met<MeetingOf<{ name: string }>>[]): Outcome {
  const asEver = met.filter((one) => one.asEver).length;
  const told = ({ meetings, missed }: Met<MeetingOf<{ name: string }>>): string =>
    [...meetings, ...missed].map(tellMeeting).join('; ');
  return {
    row,
    goal: 'repaired, or as it was with the reason; the VM runs; nothing left; a report',
    counts: {
      meetings: met.flatMap(({ meetings }) => meetings).length,
      'that never came about': met.flatMap(({ missed }) => missed).length,
      runs: met.length,
      'runs ended as undisturbed': asEver,
      'otherwise repaired, or as found with the reason': met.length - asEver,
    },
    wrong: met.flatMap((one) => one.faults.map((fault) => `${told(one)}: ${fault}`)),
  };
}

async function calls({ theatre }: Scene, size: Size): Promise<Outcome[]> {
  const met = await troubleEveryCall(theatre, size);
  return [metOutcome('each kind of call to Azure meets each trouble', met)];
}

async function storage({ theatre, storage: faulty }: Scene, size: Size): Promise<Outcome[]> {
  if (!faulty) throw new Error('The scene was opened for other rows.');
  const met = await troubleStorageCalls(theatre, faulty, size);
  return [metOutcome('each kind of call to blobs and queues meets each trouble', met)];
}

/** Opens what it is played in by itself, since it takes the app to other systems than the network has. @param connection of an account */
export async function outside(connection: string, { oneIn }: Size): Promise<Outcome[]> {
  const met = await troubleOutside(connection, oneIn);
  return [
    {
      row: 'each call to tickets, Teams, Slack and the webhook meets each trouble',
      goal: 'repaired; the system is told in the end, or the refusal is listed; the others are told once',
      counts: { meetings: met.length, 'ended as undisturbed': met.filter(({ asEver }) => asEver).length },
      wrong: met.flatMap(({ faults, what }) => faults.map((fault) => `${what}: ${fault}`)),
    },
  ];
}

/** Needs nothing but the orchestrators. */
export async function upgrade(): Promise<Outcome[]> {
  const replay = await openReplay();
  const scenarios = recordedScenarios();
  const wrong: string[] = [];
  for (const { release, scenario, instances } of scenarios)
    for (const instance of instances)
      wrong.push(
        ...(await replay(instance)).map((what) => `${release}, ${scenario}, ${instance.name}: ${what}`),
      );
  const all = scenarios.flatMap(({ instances }) => instances);
  const events = all.reduce((sum, { history }) => sum + history.length, 0);
  return [
    {
      row: 'histories of released versions replay',
      goal: 'each instance asks for what it asked for, and ends as it ended',
      counts: { scenarios: scenarios.length, instances: all.length, events },
      wrong,
    },
  ];
}

async function guest({ theatre, meddler }: Scene, { oneIn }: Size): Promise<Outcome[]> {
  const behaved = await misbehave(theatre, meddler, Math.min(oneIn, 12));
  return [
    {
      row: 'Windows hangs, lies, restarts, falls silent, is full, or lives in another decade',
      goal: 'repaired, or as it was with the reason; the VM runs',
      counts: {
        cases: behaved.length,
        'repaired all the same': behaved.filter((one) => one.repaired).length,
      },
      wrong: behaved.flatMap(({ what, faults }) => faults.map((fault) => `${what}: ${fault}`)),
    },
  ];
}

function seedsOf({ runs, seed, share }: Size): number[] {
  const seeds = Array.from({ length: runs }, (_, index) => seed * 100_000 + index);
  return seeds.filter((_, index) => index % share.of === share.index);
}

async function random({ theatre }: Scene, size: Size): Promise<Outcome[]> {
  const before = theatre.host.deaths();
  const seeds = seedsOf(size);
  const wrong = await playChaos(theatre, seeds, size.seed + size.share.index);
  return [
    {
      row: `somebody acts, calls fail and the host dies, all at random, from seed ${String(size.seed)}`,
      goal: 'no invariant of a moving world is broken',
      counts: { runs: seeds.length, deaths: theatre.host.deaths() - before },
      wrong,
    },
  ];
}

async function hosts({ theatre }: Scene, { vms, seed }: Size): Promise<Outcome[]> {
  const before = theatre.host.deaths();
  const wrong = await stormTwoHosts(theatre, vms, seed);
  return [
    {
      row: 'two hosts of one hub, storms at both, one dies at random',
      goal: 'one remediation for each VM',
      counts: { 'VMs, each asked for six times': vms, deaths: theatre.host.deaths() - before },
      wrong,
    },
  ];
}

/** A hang, or unbounded memory, is more than this: a busy machine takes its time now and then. */
const SLOWEST_MS = 2000;
const MOST_MIB = 500;

async function fuzz(_: unknown, { inputs, seed }: Size): Promise<Outcome[]> {
  const fuzzed = await fuzzReaders(inputs, seed);
  return fuzzed.map(({ reader, crashes, slowestMs, grewMiB }) => ({
    row: `spoilt inputs, from seed ${String(seed)}: ${reader}`,
    goal: 'no crash, no hang, no memory without bounds',
    counts: {
      inputs,
      crashes: crashes.length,
      'ms for the slowest': Math.round(slowestMs),
      'MiB more': Math.round(grewMiB),
    },
    wrong: [
      ...crashes.map((crash) => `${reader}: ${crash}`),
      ...(slowestMs > SLOWEST_MS ? [`${reader}: one input took ${slowestMs.toFixed(0)} ms`] : []),
      ...(grewMiB > MOST_MIB ? [`${reader}: grew by ${grewMiB.toFixed(0)} MiB`] : []),
    ],
  }));
}
