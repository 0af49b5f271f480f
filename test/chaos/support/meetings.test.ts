import { STORIES } from './arena.ts';
import { meetAll, runsFor, type MeetingOf, type Met, type Passing } from './meetings.ts';

type Meeting = MeetingOf<Passing>;

const late: Passing = { name: 'late', passes: true };
const busy: Passing = { name: 'busy', passes: true };
const refused: Passing = { name: 'refused' };

const meetings = ['GET a', 'PUT a', 'DELETE a'].flatMap((kind) =>
  [late, busy, refused].map((trouble): Meeting => ({ story: STORIES.swap, kind, trouble })),
);
const told = (runs: readonly Meeting[][]): string[][] =>
  runs.map((run) => run.map(({ kind, trouble }) => `${kind} ${trouble.name}`));

describe('the runs in which calls meet troubles', () => {
  const runs = runsFor(meetings, { alone: false });

  it('hold each meeting once', () => {
    expect(runs.flat()).toHaveLength(meetings.length);
    expect(new Set(runs.flat()).size).toBe(meetings.length);
  });

  it('are of different calls, and different troubles', () => {
    for (const run of runs) {
      expect(new Set(run.map(({ kind }) => kind)).size).toBe(run.length);
      expect(new Set(run.map(({ trouble }) => trouble)).size).toBe(run.length);
    }
  });

  it('have one trouble alone where it may change how the run ends', () => {
    const shared = runs.filter((run) => run.length > 1).flat();
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.filter(({ trouble }) => trouble === refused)).toEqual([]);
  });

  it('have one meeting each where that is asked for', () => {
    expect(told(runsFor(meetings, { alone: true }))).toEqual(told(meetings.map((one) => [one])));
  });
});

describe('playing them', () => {
  const [first, second, third] = meetings;
  if (!first || !second || !third) throw new Error('There are nine.');

  /** Runs that end at their first trouble. */
  const ended = (some: readonly Meeting[][]): Promise<Met<Meeting>[]> =>
    Promise.resolve(
      some.map((run) => ({ meetings: run.slice(0, 1), missed: run.slice(1), asEver: true, faults: [] })),
    );

  it('what a run never came to is played alone', async () => {
    const met = await meetAll([[first, second], [third]], 8, ended);
    expect(met.map((one) => told([[...one.meetings]])[0])).toEqual(told([[first], [third], [second]]));
    expect(met.flatMap(({ missed }) => missed)).toEqual([]);
  });

  it('what does not come about alone either is told', async () => {
    const met = await meetAll([[first, second]], 8, (some) =>
      Promise.resolve(some.map((run) => ({ meetings: [], missed: run, asEver: true, faults: [] }))),
    );
    expect(met.flatMap(({ missed }) => missed)).toEqual([first, second]);
  });

  it('goes on with so many runs at a time', async () => {
    const sizes: number[] = [];
    await meetAll(
      meetings.map((one) => [one]),
      4,
      (some) => {
        sizes.push(some.length);
        return ended(some);
      },
    );
    expect(sizes).toEqual([4, 4, 1]);
  });
});
