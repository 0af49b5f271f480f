/**
 * Makes each change of test/mutants in a copy of the tree, and tells whether its test notices (`npm run mutants`); an argument
 * narrows it to those whose file or words contain it. Ends with 1 where one is not noticed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { MUTANTS } from '../test/mutants/index.ts';
import type { Mutant } from '../test/mutants/mutant.ts';

const ROOT = join(import.meta.dirname, '..');
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');

const resultSchema = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const [wanted = ''] = process.argv.slice(2);
const chosen = MUTANTS.filter(({ what, file }) => `${file} ${what}`.includes(wanted));
const copy = mkdtempSync(join(tmpdir(), 'rdp-medic-mutants-'));
let alive = 0;
try {
  copyTree();
  for (const mutant of chosen) {
    const died = tryOn(mutant);
    if (died === undefined) alive += 1;
    console.log(
      died === undefined ? `ALIVE   ${titleOf(mutant)}` : `killed  ${titleOf(mutant)}\n        by ${died}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${String(chosen.length - alive)} of ${String(chosen.length)} killed`);
process.exitCode = alive === 0 && chosen.length > 0 ? 0 : 1;

/** As the tree stands, with what is not committed yet. */
function copyTree(): void {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  const files = list.toString('utf8').split('\0');
  for (const file of new Set(files.filter((name) => name !== '')))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}

/** The test that noticed; `undefined` where none did. @throws Error where the text is not there once, or nothing was tried. */
function tryOn(mutant: Mutant): string | undefined {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  const parts = text.split(mutant.from);
  if (parts.length !== 2)
    throw new Error(`${titleOf(mutant)}: the text stands ${String(parts.length - 1)} times in the file.`);
  writeFileSync(path, parts.join(mutant.to));
  try {
    return failedTest(mutant);
  } finally {
    writeFileSync(path, text);
  }
}

function failedTest(mutant: Mutant): string | undefined {
  const { file, test } = mutant.killedBy;
  const output = join(copy, 'mutants.json');
  const name = test.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const { stderr } = spawnSync(
    process.execPath,
    [JEST, '-w', '1', '--json', '--outputFile', output, '-t', name, '--runTestsByPath', file],
    {
      cwd: copy,
      // Every row, but no more random runs than find something.
      env: { ...process.env, RDP_MEDIC_TESTS: 'rows', RDP_MEDIC_MODEL_RUNS: '40' },
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  if (!existsSync(output)) throw new Error(`${titleOf(mutant)}: jest did not run. ${stderr}`);
  const { numPassedTests, testResults } = resultSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
  rmSync(output);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (!failed && numPassedTests === 0)
    throw new Error(
      `${titleOf(mutant)}: no test was run. ${testResults.map(({ message }) => message).join('\n')}`,
    );
  return failed && `${file}: ${failed.fullName}`;
}

function titleOf({ file, what }: Mutant): string {
  return `${file}: ${what}`;
}
