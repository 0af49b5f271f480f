/**
 * Runs Stryker (`npm run stryker`; docs/reliability.md): `-- repair azure` these groups of test/mutants/groups.ts alone,
 * `-- repair --mutate shared/repair/peer.ts` these files alone, which are then not taken into the score; `--score` takes the score anew
 * from the reports that are there, after a review. What survives is in `reports`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GROUPS, type Group, type GroupName } from '../test/mutants/groups.ts';
import { keepScore } from '../test/mutants/score.ts';

const ROOT = join(import.meta.dirname, '..');
const STRYKER = join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
/** Half as many packages again as all other tools together, for a few people once a week: nobody else waits for their installation. */
const PACKAGES = '@stryker-mutator/core@10 @stryker-mutator/mocha-runner@10';
const ALL = Object.keys(GROUPS) as GroupName[];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutate: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
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
  const { mutate, tests }: Group = GROUPS[name];
  const args = [
    ...['--mutate', values.mutate ?? mutate.join(',')],
    ...['--testFiles', tests.join(',')],
    ...['--concurrency', values.concurrency],
  ];
  const stryker = spawn(process.execPath, [STRYKER, 'run', ...args], { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(stryker, 'exit')) as [number | null];
  if (code !== 0) return false;
  renameSync(join(ROOT, 'reports/mutation.json'), report);
  if (values.mutate === undefined) console.log(name, keepScore(name, report));
  return true;
}
