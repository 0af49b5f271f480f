/**
 * A checker of Stryker (https://stryker-mutator.io/docs/stryker-js/plugins), which says what is tried. Not what runs when its module is
 * loaded, and in tests besides: Stryker starts anew for each of these. Of a group that is only sampled one change in so many, always the
 * same ones; of the group's guards all. Stryker calls what it holds back a compile error.
 */
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { GUARDS } from './guards.ts';
import type { GroupName } from './groups.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Variables of the environment by which `npm run stryker` says which group it runs, and of how many changes one is tried. */
export const SAMPLED_GROUP = 'STRYKER_SAMPLED_GROUP';
export const SAMPLED_ONE_IN = 'STRYKER_SAMPLED_ONE_IN';

/** Why a change is held back. */
export const HELD_BACK = { static: 'It runs when its module is loaded.', sample: 'It is not in the sample.' };

/** What of Stryker's mutant says which one it is. */
export interface Change {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly to: string;
}

/** Whether a change is tried where only one in `oneIn` is. */
export function isSampled({ file, line, column, to }: Change, oneIn: number): boolean {
  const hash = createHash('sha256').update([file, line, column, to].join('\n')).digest();
  return hash.readUInt32BE(0) % oneIn === 0;
}

interface StrykerMutant {
  readonly id: string;
  readonly fileName: string;
  readonly replacement: string;
  readonly static?: boolean;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

function whyNotTried({
  fileName,
  replacement,
  location,
  static: isStatic,
}: StrykerMutant): string | undefined {
  if (isStatic === true) return HELD_BACK.static;
  const file = relative(ROOT, fileName);
  const guards = GUARDS[process.env[SAMPLED_GROUP] as GroupName] ?? [];
  const isInSample =
    guards.includes(file) ||
    isSampled({ file, ...location.start, to: replacement }, Number(process.env[SAMPLED_ONE_IN]));
  return isInSample ? undefined : HELD_BACK.sample;
}

const checker = {
  init: (): Promise<void> => Promise.resolve(),
  group: (mutants: readonly StrykerMutant[]): Promise<string[][]> =>
    Promise.resolve([mutants.map(({ id }) => id)]),
  check: (mutants: readonly StrykerMutant[]): Promise<object> =>
    Promise.resolve(
      Object.fromEntries(
        mutants.map((mutant) => {
          const reason = whyNotTried(mutant);
          return [
            mutant.id,
            reason === undefined ? { status: 'passed' } : { status: 'compileError', reason },
          ];
        }),
      ),
    ),
};

/** The name by which Stryker looks for what a module offers. */
export const strykerPlugins = [{ kind: 'Checker', name: 'sample', value: checker }];
