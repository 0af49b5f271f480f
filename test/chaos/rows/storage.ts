import { endOf, instanceOf, runOf, type Story } from '../support/arena.ts';
import type { FaultyStorage } from '../support/faulty-storage.ts';
import { judgeRuns } from '../support/judge-trouble.ts';
import { meetAll, runsFor, tellMeeting, type MeetingOf, type Met, type Which } from '../support/meetings.ts';
import { shortenWaits } from '../support/waits.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';
import { playStory } from '../support/play-story.ts';
import {
  isOfOthers,
  isOwn,
  STORAGE_TROUBLES,
  storageKindOf,
  troubleStorage,
  type StorageTrouble,
} from '../support/storage-troubles.ts';

/** Whatever a call to storage meets, it is made again. */
type Meeting = MeetingOf<StorageTrouble & { passes: true }>;
const TROUBLES = STORAGE_TROUBLES.map((trouble) => ({ ...trouble, passes: true as const }));

const AT_ONCE = 32;

/** Lets each call of each story to blobs and queues meet each trouble. */
export async function troubleStorageCalls(
  theatre: MortalTheatre,
  storage: FaultyStorage,
  { stories, oneIn, only, alone }: Which,
): Promise<Met<Meeting>[]> {
  const met: Met<Meeting>[] = [];
  let count = 0;
  const lengthen = shortenWaits();
  for (const story of stories) {
    const { kinds, end } = await callsOf(theatre, storage, story);
    const meetings = kinds
      .flatMap((kind) => TROUBLES.map((trouble) => ({ story, kind, trouble })))
      .filter((meeting) => tellMeeting(meeting).includes(only))
      .filter(() => count++ % oneIn === 0);
    const own = meetings.filter(({ kind }) => isOwn(kind));
    const shared = meetings.filter(({ kind }) => !isOwn(kind));
    const play = (some: readonly Meeting[][]) => meet(theatre, storage, story, some, end);
    met.push(...(await meetAll(runsFor(own, { alone }), AT_ONCE, play)));
    // Whoever else was under way would meet it as well.
    met.push(...(await meetAll(runsFor(shared, { alone }), 1, play)));
  }
  lengthen();
  return met;
}

async function callsOf(
  theatre: MortalTheatre,
  storage: FaultyStorage,
  story: Story,
): Promise<{ kinds: string[]; end: string }> {
  const scenario = runOf(story);
  const kinds = new Set<string>();
  let hasBegun = false;
  const listen = (): (() => void) => {
    theatre.reaper.afterTurn = (id) => {
      hasBegun ||= id.startsWith(instanceOf(scenario));
      return false;
    };
    storage.meets = (call) => {
      const kind = storageKindOf(call);
      if (isOfOthers(kind)) return undefined;
      if (hasBegun && (!isOwn(kind) || call.path.includes(instanceOf(scenario)))) kinds.add(kind);
      return undefined;
    };
    return () => {
      storage.meets = () => undefined;
      theatre.reaper.afterTurn = undefined;
    };
  };
  const [undisturbed] = await playStory(theatre, story, [scenario], listen);
  if (!undisturbed) throw new Error('Nothing was played.');
  return { kinds: [...kinds].sort(), end: endOf(undisturbed) };
}

async function meet(
  theatre: MortalTheatre,
  storage: FaultyStorage,
  story: Story,
  meetingsOfRuns: readonly Meeting[][],
  usual: string,
): Promise<Met<Meeting>[]> {
  const runs = meetingsOfRuns.map((meetings) => ({ meetings, scenario: runOf(story) }));
  const scenarios = runs.map(({ scenario }) => scenario);
  const since = new Map<Meeting, number>();
  const played = await playStory(theatre, story, scenarios, () =>
    troubleStorage(theatre, storage, runs, since),
  );
  return judgeRuns(theatre, played, meetingsOfRuns, { usual, cameAbout: (meeting) => since.has(meeting) });
}
