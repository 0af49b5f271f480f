import { sleep } from '../../../lab/clock/sleep.ts';
import { endOf, instanceOf, runOf, type Story } from '../support/arena.ts';
import { judgeRuns } from '../support/judge-trouble.ts';
import { meetAll, runsFor, tellMeeting, type MeetingOf, type Met, type Which } from '../support/meetings.ts';
import { shortenWaits } from '../support/waits.ts';
import { playStory } from '../support/play-story.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';
import { fits, FREE_AFTER_MS, kindOf, TROUBLES, troubleRuns, type Trouble } from '../support/troubles.ts';

type Meeting = MeetingOf<Trouble>;

const AT_ONCE = 64;

/** Lets each call of each story meet each trouble, or plays one meeting in so many. */
export async function troubleEveryCall(
  theatre: MortalTheatre,
  { stories, oneIn, only, alone }: Which,
): Promise<Met<Meeting>[]> {
  const met: Met<Meeting>[] = [];
  let count = 0;
  const lengthen = shortenWaits();
  for (const story of stories) {
    const { kinds, end } = await callsOf(theatre, story);
    const meetings = kinds
      .flatMap((kind) =>
        TROUBLES.filter((trouble) => fits(kind, trouble)).map((trouble) => ({ story, kind, trouble })),
      )
      .filter((meeting) => tellMeeting(meeting).includes(only))
      .filter(() => count++ % oneIn === 0);
    met.push(
      ...(await meetAll(runsFor(meetings, { alone }), AT_ONCE, (some) => meet(theatre, story, some, end))),
    );
  }
  lengthen();
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
  meetingsOfRuns: readonly Meeting[][],
  usual: string,
): Promise<Met<Meeting>[]> {
  const runs = meetingsOfRuns.map((meetings) => ({ meetings, scenario: runOf(story) }));
  const scenarios = runs.map(({ scenario }) => scenario);
  const since = new Map<Meeting, number>();
  const played = await playStory(theatre, story, scenarios, () =>
    troubleRuns(theatre, runs, since, story.from),
  );
  const isHeld = ({ trouble }: Meeting): boolean => trouble.holds === true;
  // What Azure held is the janitor's, once it is free again.
  if (meetingsOfRuns.flat().some(isHeld)) await sleep(theatre.stage.lab.clock, FREE_AFTER_MS);
  return judgeRuns(theatre, played, meetingsOfRuns, {
    usual,
    cameAbout: (meeting) => since.has(meeting),
    isHeld,
  });
}
