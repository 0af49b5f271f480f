import { sleep } from '../../../lab/clock/sleep.ts';
import { leftoversOf, tidyUp } from '../../e2e/moving/model/play.ts';
import { endOf, instanceOf, runOf, type Story } from '../support/arena.ts';
import { batchesOf } from '../support/batches.ts';
import { faultsOf } from '../support/judge-trouble.ts';
import { shortenMinutes } from '../support/minutes.ts';
import { hasReport } from '../support/storage-troubles.ts';
import { playStory } from '../support/play-story.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';
import { fits, FREE_AFTER_MS, kindOf, TROUBLES, troubleRuns, type Trouble } from '../support/troubles.ts';

/** A call of a story, and what it meets. */
interface Meeting {
  story: Story;
  kind: string;
  trouble: Trouble;
}

export interface Met {
  meeting: Meeting;
  /** Whether it ended as it does undisturbed; otherwise the VM is as it was, with the reason. */
  asEver: boolean;
  faults: string[];
}

const AT_ONCE = 64;

/** Which of all meetings are played: one in so many of those whose words hold a text. */
interface Which {
  stories: readonly Story[];
  oneIn: number;
  only: string;
}

/** Lets each call of each story meet each trouble, or one meeting in so many. */
export async function troubleEveryCall(
  theatre: MortalTheatre,
  { stories, oneIn, only }: Which,
): Promise<Met[]> {
  const met: Met[] = [];
  let count = 0;
  const minutes = shortenMinutes();
  for (const story of stories) {
    const { kinds, end } = await callsOf(theatre, story);
    const meetings = kinds
      .flatMap((kind) =>
        TROUBLES.filter((trouble) => fits(kind, trouble)).map((trouble) => ({ story, kind, trouble })),
      )
      .filter((meeting) => tellMeeting(meeting).includes(only))
      .filter(() => count++ % oneIn === 0);
    for (const some of batchesOf(meetings, AT_ONCE)) met.push(...(await meet(theatre, story, some, end)));
  }
  minutes();
  return met;
}

async function callsOf(theatre: MortalTheatre, story: Story): Promise<{ kinds: string[]; end: string }> {
  const scenario = runOf(story);
  const kinds = new Set<string>();
  let hasBegun = false;
  let hasCome = false;
  const listen = (): (() => void) => {
    theatre.reaper.afterTurn = (id) => {
      hasBegun ||= id.startsWith(instanceOf(scenario));
      return false;
    };
    const { faults } = theatre.stage.lab;
    const { next } = faults;
    faults.next = (call) => {
      const isOwn = call.path.toLowerCase().startsWith(`/subscriptions/${scenario.subscriptionId}`);
      hasCome ||= hasBegun && isOwn && (story.from === undefined || call.action.endsWith(story.from));
      if (hasCome && isOwn) kinds.add(kindOf(call, scenario));
      return next(call);
    };
    return () => {
      faults.next = next;
      theatre.reaper.afterTurn = undefined;
    };
  };
  const [undisturbed] = await playStory(theatre, story, [scenario], listen);
  if (!undisturbed) throw new Error('Nothing was played.');
  return { kinds: [...kinds], end: endOf(undisturbed) };
}

async function meet(
  theatre: MortalTheatre,
  story: Story,
  meetings: readonly Meeting[],
  usual: string,
): Promise<Met[]> {
  const runs = meetings.map((meeting) => ({ ...meeting, scenario: runOf(meeting.story) }));
  const scenarios = runs.map(({ scenario }) => scenario);
  const played = await playStory(theatre, story, scenarios, () => troubleRuns(theatre, runs, story.from));
  // What Azure held is the janitor's, once it is free again.
  if (meetings.some(({ trouble }) => trouble.holds)) await sleep(theatre.stage.lab.clock, FREE_AFTER_MS);
  const left = played.filter((one) => leftoversOf(theatre, one).length > 0);
  if (left.length > 0) await tidyUp(theatre, left);
  const met: Met[] = [];
  for (const [index, one] of played.entries()) {
    const meeting = meetings[index];
    if (!meeting) continue;
    const end = endOf(one);
    one.leftovers = leftoversOf(theatre, one);
    const faults = faultsOf(one, end === usual, meeting.trouble.holds);
    if (one.record && !(await hasReport(theatre, one.record))) faults.push('there is no report');
    met.push({ meeting, asEver: end === usual, faults });
  }
  return met;
}

export function tellMeeting({ story, kind, trouble }: Meeting): string {
  return `${story.name}: ${kind} meets ${trouble.name}`;
}
