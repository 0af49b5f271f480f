/**
 * Runs Stryker (`npm run stryker`; docs/reliability.md): `-- repair azure` these groups of test/mutants/groups.ts alone,
 * `-- repair --mutate shared/repair/peer.ts` these files alone, which are then not taken into the score; `--whole` tries every change also where
 * otherwise a sample is; `--score` takes the score anew from the reports that are there, after a review. What survives is in `reports`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GROUPS, type Group, type GroupName } from '../test/mutants/groups.ts';
import { SAMPLED_GROUP, SAMPLED_ONE_IN } from '../test/mutants/sample.ts';
import { keepScore } from '../test/mutants/score.ts';

const ROOT = join(import.meta.dirname, '..');
const STRYKER = join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
/** Half as many packages again as all other tools together, for a few people once a week: nobody else waits for their installation. */
const PACKAGES = '@stryker-mutator/core@10 @stryker-mutator/mocha-runner@10';
const TWICE = join(ROOT, 'test/mutants/twice.js');
const ALL = Object.keys(GROUPS) as GroupName[];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutate: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
    score: { type: 'boolean', default: false },
  },
});
if (!existsSync(STRYKER))
  throw new Error(
    `Stryker is not installed with the other tools. Install it: npm install --no-save ${PACKAGES}`,
  );
const unknown = positionals.filter((name) => !ALL.some((group) => group === name));
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: not one of ${ALL.join(', ')}`);

for (const name of ALL.filter((group) => positionals.length === 0 || positionals.includes(group)))
  if (!(await isDone(name))) process.exitCode = 1;

/** Whether Stryker came to its end, whatever survived. */
async function isDone(name: GroupName): Promise<boolean> {
  const report = join(ROOT, `reports/mutation-${name}.json`);
  if (values.score) {
    console.log(name, keepScore(name, report));
    return true;
  }
  const { mutate, tests, oneIn }: Group = GROUPS[name];
  const args = [
    ...['--mutate', values.mutate ?? mutate.join(',')],
    ...['--testFiles', tests.join(',')],
    ...['--concurrency', values.concurrency],
    ...(values.whole ? [] : ['--checkers', 'sample', '--appendPlugins', './test/mutants/sample.ts']),
  ];
  // A test that fails only because it ran before in the same process would seem to notice every change.
  if (!(await isEndedWell([TWICE, ...tests.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))])))
    return false;
  const sampled = {
    [SAMPLED_GROUP]: name,
    [SAMPLED_ONE_IN]: values.mutate === undefined ? String(oneIn) : '1',
  };
  if (!(await isEndedWell([STRYKER, 'run', ...args], sampled))) return false;
  if (values.mutate !== undefined) return true;
  renameSync(join(ROOT, 'reports/mutation.json'), report);
  console.log(name, keepScore(name, report));
  return true;
}

async function isEndedWell(args: readonly string[], settings: Record<string, string> = {}): Promise<boolean> {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
