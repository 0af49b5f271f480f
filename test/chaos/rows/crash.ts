import type { Played } from '../../e2e/moving/model/played.ts';
import type { Scenario } from '../../e2e/moving/model/scenario.ts';
import { duplicatesOf, endOf, instanceOf, judge, runOf, type Story } from '../support/arena.ts';
import { playStory } from '../support/play-story.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';

/** Where a host dies in a run: after so many stored turns, or in so many changes asked of Azure, whose answer is lost with it. */
interface Point {
  story: Story;
  kind: 'turn' | 'call';
  nth: number;
}

interface Crashed {
  point: Point;
  faults: string[];
}

/** How many runs stand in one arena: each death is suffered by all of them. */
const AT_ONCE = 24;

/** Kills the host at each point of each story, or at one in so many. */
export async function crashEverywhere(
  theatre: MortalTheatre,
  stories: readonly Story[],
  oneIn: number,
): Promise<Crashed[]> {
  const crashed: Crashed[] = [];
  for (const story of stories) {
    const { points, undisturbed } = await pointsOf(theatre, story);
    const some = points.filter((_, index) => index % oneIn === 0);
    for (let from = 0; from < some.length; from += AT_ONCE)
      crashed.push(...(await crashAt(theatre, story, some.slice(from, from + AT_ONCE), undisturbed)));
  }
  return crashed;
}

/** A run without a death: how many points it has, and how it ends. */
async function pointsOf(
  theatre: MortalTheatre,
  story: Story,
): Promise<{ points: Point[]; undisturbed: Played }> {
  const scenario = runOf(story);
  const counted = { turn: 0, call: 0 };
  const count = (): (() => void) => {
    theatre.reaper.afterTurn = (id) => {
      if (id.startsWith(instanceOf(scenario))) counted.turn += 1;
      return false;
    };
    theatre.reaper.inCall = ({ path }) => {
      if (isOf(scenario, path)) counted.call += 1;
      return false;
    };
    return () => {
      spare(theatre);
    };
  };
  const [undisturbed] = await playStory(theatre, story, [scenario], count);
  if (!undisturbed) throw new Error('Nothing was played.');
  const points = (['turn', 'call'] as const).flatMap((kind) =>
    Array.from({ length: counted[kind] }, (_, index): Point => ({ story, kind, nth: index + 1 })),
  );
  return { points, undisturbed };
}

function spare({ reaper }: MortalTheatre): void {
  reaper.afterTurn = undefined;
  reaper.inCall = undefined;
}

async function crashAt(
  theatre: MortalTheatre,
  story: Story,
  points: readonly Point[],
  undisturbed: Played,
): Promise<Crashed[]> {
  const runs = points.map((point) => ({ point, scenario: runOf(point.story) }));
  const scenarios = runs.map(({ scenario }) => scenario);
  const played = await playStory(theatre, story, scenarios, () => {
    killAt(theatre, runs);
    return () => {
      spare(theatre);
    };
  });
  const wanted = endOf(undisturbed);
  const crashed: Crashed[] = [];
  for (const [index, one] of played.entries()) {
    const point = points[index];
    if (!point) continue;
    const end = endOf(one);
    crashed.push({
      point,
      faults: [
        ...(end === wanted ? [] : [`ended ${end}, not ${wanted}`]),
        ...duplicatesOf(one, undisturbed),
        ...(await judge(theatre, [one])),
      ],
    });
  }
  return crashed;
}

function killAt({ reaper }: MortalTheatre, runs: readonly { point: Point; scenario: Scenario }[]): void {
  const seen = new Map<Scenario, number>();
  const isTurnOf = (kind: Point['kind'], isAbout: (scenario: Scenario) => boolean): boolean => {
    const run = runs.find(({ point, scenario }) => point.kind === kind && isAbout(scenario));
    if (!run) return false;
    const count = (seen.get(run.scenario) ?? 0) + 1;
    seen.set(run.scenario, count);
    return count === run.point.nth;
  };
  reaper.afterTurn = (id) => isTurnOf('turn', (scenario) => id.startsWith(instanceOf(scenario)));
  reaper.inCall = ({ path }) => isTurnOf('call', (scenario) => isOf(scenario, path));
}

function isOf({ name }: Scenario, path: string): boolean {
  return path.toLowerCase().includes(`/resourcegroups/${name}/`);
}

export function tellPoint({ story, kind, nth }: Point): string {
  return `${story.name}, ${kind === 'turn' ? 'after turn' : 'in change'} ${String(nth)}`;
}
