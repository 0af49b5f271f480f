import { endOf, instanceOf, runOf, type Story } from '../support/arena.ts';
import { batchesOf } from '../support/batches.ts';
import type { FaultyStorage } from '../support/faulty-storage.ts';
import {
  judgeMeetings,
  tellMeeting,
  type MeetingOf,
  type Met,
  type Which,
} from '../support/judge-trouble.ts';
import { shortenMinutes } from '../support/minutes.ts';
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

type Meeting = MeetingOf<StorageTrouble>;

const AT_ONCE = 32;

/** Lets each call of each story to blobs and queues meet each trouble. */
export async function troubleStorageCalls(
  theatre: MortalTheatre,
  storage: FaultyStorage,
  { stories, oneIn, only }: Which,
): Promise<Met<Meeting>[]> {
  const met: Met<Meeting>[] = [];
  let count = 0;
  const minutes = shortenMinutes();
  for (const story of stories) {
    const { kinds, end } = await callsOf(theatre, storage, story);
    const meetings = kinds
      .flatMap((kind) => STORAGE_TROUBLES.map((trouble) => ({ story, kind, trouble })))
      .filter((meeting) => tellMeeting(meeting).includes(only))
      .filter(() => count++ % oneIn === 0);
    const own = meetings.filter(({ kind }) => isOwn(kind));
    const shared = meetings.filter(({ kind }) => !isOwn(kind));
    for (const some of [...batchesOf(own, AT_ONCE), ...batchesOf(shared, 1)])
      met.push(...(await meet(theatre, storage, story, some, end)));
  }
  minutes();
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
  meetings: readonly Meeting[],
  usual: string,
): Promise<Met<Meeting>[]> {
  const runs = meetings.map((meeting) => ({ ...meeting, scenario: runOf(meeting.story) }));
  const scenarios = runs.map(({ scenario }) => scenario);
  const played = await playStory(theatre, story, scenarios, () => troubleStorage(theatre, storage, runs));
  return judgeMeetings(theatre, played, meetings, { usual });
}
