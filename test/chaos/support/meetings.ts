import type { Story } from './arena.ts';
import { batchesOf } from './batches.ts';

/** A call of a story, and what it meets. */
export interface MeetingOf<Trouble> {
  story: Story;
  kind: string;
  trouble: Trouble;
}

/** What a trouble is called, and whether the run goes on after it, to what else it is to meet. */
export interface Passing {
  name: string;
  passes?: boolean;
}

/** Which of all meetings are played: one in so many of those whose words hold a text. */
export interface Which {
  stories: readonly Story[];
  oneIn: number;
  only: string;
  /** Each in a run of its own. */
  alone: boolean;
}

/** What became of a run. */
export interface Met<Meeting> {
  /** Those that came about in it, and those that it never came to. */
  meetings: readonly Meeting[];
  missed: readonly Meeting[];
  /** Whether it ended as it does undisturbed; otherwise the VM is as it was, with the reason. */
  asEver: boolean;
  faults: readonly string[];
}

/**
 * What a call meets at this moment: the first one that comes always, later ones as long as the trouble lasts (`seconds`).
 * @param since when each meeting came about first is put down here
 * @param now in the same time, in milliseconds
 */
export function effectOf<Meeting extends { trouble: { effect: unknown; seconds?: number } }>(
  meeting: Meeting,
  since: Map<Meeting, number>,
  now: number,
): Meeting['trouble']['effect'] | undefined {
  const { effect, seconds } = meeting.trouble;
  const first = since.get(meeting);
  since.set(meeting, first ?? now);
  return first === undefined || (seconds !== undefined && now < first + seconds * 1000) ? effect : undefined;
}

/** How many calls of a run meet a trouble that passes. */
const MOST = 5;

export function tellMeeting({ story, kind, trouble }: MeetingOf<{ name: string }>): string {
  return `${story.name}: ${kind} meets ${trouble.name}`;
}

/** The meetings of each run: different calls with different troubles that pass, or one trouble that may change how the run ends. */
export function runsFor<Meeting extends MeetingOf<Passing>>(
  meetings: readonly Meeting[],
  { alone }: Pick<Which, 'alone'>,
): Meeting[][] {
  const runs: Meeting[][] = [];
  const passing: Meeting[][] = [];
  for (const meeting of meetings) {
    const { kind, trouble } = meeting;
    const mayShare = !alone && trouble.passes === true;
    const shared = mayShare
      ? passing.find(
          (run) =>
            run.length < MOST && run.every((other) => other.kind !== kind && other.trouble !== trouble),
        )
      : undefined;
    if (shared) {
      shared.push(meeting);
      continue;
    }
    const own = [meeting];
    runs.push(own);
    if (mayShare) passing.push(own);
  }
  return runs;
}

/**
 * Plays these runs, and what one of several meetings never came to once more in a run of its own.
 * @param atOnce so many runs at a time
 * @param play plays some runs, given as the meetings of each
 */
export async function meetAll<Meeting>(
  runs: readonly Meeting[][],
  atOnce: number,
  play: (some: readonly Meeting[][]) => Promise<Met<Meeting>[]>,
): Promise<Met<Meeting>[]> {
  const playAll = async (these: readonly Meeting[][]): Promise<Met<Meeting>[]> => {
    const met: Met<Meeting>[] = [];
    for (const some of batchesOf(these, atOnce)) met.push(...(await play(some)));
    return met;
  };
  const met = await playAll(runs);
  const isOfSeveral = ({ meetings, missed }: Met<Meeting>): boolean => meetings.length + missed.length > 1;
  const again = met.filter(isOfSeveral).flatMap(({ missed }) => missed.map((meeting) => [meeting]));
  const kept = met.map((one) => (isOfSeveral(one) ? { ...one, missed: [] } : one));
  return [...kept, ...(await playAll(again))];
}
