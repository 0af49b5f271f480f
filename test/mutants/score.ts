import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { GUARDS, isWords, REVIEWED } from './guards.ts';
import { GROUPS, type GroupName } from './groups.ts';
import { HELD_BACK } from './sample.ts';

const placeSchema = z.object({ line: z.number(), column: z.number() });

/** Of the report that Stryker writes (https://github.com/stryker-mutator/mutation-testing-elements, the report schema), what is counted. */
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().optional(),
          status: z.string(),
          statusReason: z.string().optional(),
          location: z.object({ start: placeSchema, end: placeSchema }),
        }),
      ),
    }),
  ),
});

/** A mutant that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly mutator: string;
  /** The text that was replaced, and what it was replaced by; white space counts once. */
  readonly from: string;
  readonly to: string;
}

const groupScoreSchema = z.object({
  noticed: z.number(),
  /** Of those noticed the ones that had to be broken off; on a busy machine some of them are only slow. */
  brokenOff: z.number(),
  survived: z.number(),
  /** No test of the group runs this code. */
  notCovered: z.number(),
  /** Of code that runs once, when its module is loaded: Stryker would start anew for each. */
  notTried: z.number(),
  /** Of how many changes one was tried, but for the guards' (`sample.ts`); 1: every change. */
  oneIn: z.number(),
  /** What that left out. */
  leftOut: z.number(),
  /** How many of those in the guards of a VM are reviewed as harmless, and which are not reviewed. */
  reviewed: z.number(),
  unreviewed: z.array(z.string()),
});
export type GroupScore = z.infer<typeof groupScoreSchema>;

const PATH = join(import.meta.dirname, 'score.json');
const scoreSchema = z.partialRecord(
  z.enum(Object.keys(GROUPS) as [GroupName, ...GroupName[]]),
  groupScoreSchema,
);

/** What the last whole run of each group came to; a group that was never run is missing. */
export function readScore(): Partial<Record<GroupName, GroupScore>> {
  return scoreSchema.parse(JSON.parse(readFileSync(PATH, 'utf8')));
}

/** Takes down what the run of a group came to. @param report the path of its report */
export function keepScore(group: GroupName, report: string): GroupScore {
  const score = scoreOf(group, reportSchema.parse(JSON.parse(readFileSync(report, 'utf8'))));
  writeFileSync(PATH, `${JSON.stringify({ ...readScore(), [group]: score }, null, 2)}\n`);
  return score;
}

function scoreOf(group: GroupName, { files }: z.infer<typeof reportSchema>): GroupScore {
  const guards = GUARDS[group] ?? [];
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses: string[]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const heldBack = (why: string): number => mutants.filter(({ statusReason }) => statusReason === why).length;
  const leftOut = heldBack(HELD_BACK.sample);
  const ofGuards = survivorsOf(files).filter((one) => guards.includes(one.file) && !isWords(one));
  const unreviewed = ofGuards.filter((one) => !REVIEWED.some((known) => isSame(known, one)));
  return {
    noticed: count('Killed', 'Timeout'),
    brokenOff: count('Timeout'),
    survived: count('Survived'),
    notCovered: count('NoCoverage'),
    notTried: count('Ignored') + heldBack(HELD_BACK.static),
    oneIn: leftOut === 0 ? 1 : GROUPS[group].oneIn,
    leftOut,
    reviewed: ofGuards.length - unreviewed.length,
    unreviewed: unreviewed.map(({ file, from, to }) => `${file}: ${from} -> ${to}`).sort(),
  };
}

function survivorsOf(files: z.infer<typeof reportSchema>['files']): Survivor[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ mutatorName, replacement = '', location: { start, end } }) => ({
        file,
        mutator: mutatorName,
        from: textOf(lines, start, end),
        to: squeezed(replacement),
      }));
  });
}

type Place = z.infer<typeof placeSchema>;

function textOf(lines: readonly string[], start: Place, end: Place): string {
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = (text.at(-1) ?? '').slice(0, end.column - 1);
  return squeezed([(text[0] ?? '').slice(start.column - 1), ...text.slice(1)].join('\n'));
}

/** The text, white space counting once. */
export function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function isSame(known: { file: string; from: string; to: string }, survivor: Survivor): boolean {
  return known.file === survivor.file && known.from === survivor.from && known.to === survivor.to;
}
