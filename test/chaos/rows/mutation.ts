import { GROUPS, type GroupName } from '../../mutants/groups.ts';
import { GUARDS } from '../../mutants/guards.ts';
import { readScore, type GroupScore } from '../../mutants/score.ts';
import type { Outcome } from '../rows.ts';

/**
 * Of ten changes to code that a test runs, eight at least have to be noticed: the others change words, times by a millisecond, or nothing.
 * Which of them would harm a VM no figure says; that is what the review of the guards is for.
 */
const LEAST_PERCENT = 80;

/** What the last whole runs of Stryker came to (`npm run stryker`), one row a group; nothing is run here. */
export function tellMutation(): Outcome[] {
  const score = readScore();
  const names = Object.keys(GROUPS) as GroupName[];
  return [...names.map((name) => groupRow(name, score[name])), guardsRow(score)];
}

function groupRow(name: GroupName, score: GroupScore | undefined): Outcome {
  const row = `Mutants that the tests notice: ${name}`;
  const goal = `${String(LEAST_PERCENT)} % of those in code that a test of the group runs`;
  if (!score) return { row, goal, counts: {}, wrong: [`${name}: not run`] };
  const { noticed, brokenOff, survived, notCovered, notTried, oneIn, leftOut } = score;
  const percent = Math.floor((100 * noticed) / (noticed + survived));
  return {
    row,
    goal,
    counts: {
      '%': percent,
      noticed,
      'of these broken off': brokenOff,
      survived,
      'in code that no test of the group runs': notCovered,
      'not tried': notTried,
      ...(oneIn > 1
        ? { 'of the changes outside of guards one tried in': oneIn, 'left out by that': leftOut }
        : {}),
    },
    wrong: percent < LEAST_PERCENT ? [`${name}: ${String(percent)} % are noticed`] : [],
  };
}

function guardsRow(score: ReturnType<typeof readScore>): Outcome {
  const names = Object.keys(GUARDS) as GroupName[];
  const scores = names.map((name) => score[name]).filter((one) => one !== undefined);
  return {
    row: 'Mutants of the guards of a VM that no test notices',
    goal: 'all are reviewed: none of them can harm a VM',
    counts: { 'reviewed as harmless': scores.reduce((sum, { reviewed }) => sum + reviewed, 0) },
    wrong: [
      ...scores.flatMap(({ unreviewed }) => unreviewed),
      ...names.filter((name) => !score[name]).map((name) => `${name}: not run`),
    ],
  };
}
