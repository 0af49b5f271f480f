/**
 * The Azure command line of Debian against the lab over HTTPS (`npm run azure-cli`): each row works without anything being rewritten, or
 * is refused as Azure refuses. Writes docs/azure-command-line.md; fails if a row does not hold. By hand and nightly: it takes some
 * minutes, in which the command line waits as `Retry-After` tells it, and needs `az`.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { LAB_RESOURCE_GROUP, startLab } from '../../lab/arm/start-lab.ts';
import { fillFleetAndRefused } from '../../lab/fleet/index.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import { signIn, type CommandLine } from './command-line.ts';
import { toDocument, type Result } from './document.ts';
import { ROWS, type Row } from './rows.ts';

const DOCUMENT = 'docs/azure-command-line.md';

/** Long operations of the lab end within the ten seconds after which the command line looks again. */
const RATE = 20;

/** Commands of the command line that take no group. */
const WITHOUT_GROUP = /^(account|group|vm list-skus|vm list-usage|vm image|vm run-command list -l)\b/;

async function tryRow(commandLine: CommandLine, row: Row): Promise<Result> {
  const words = row.command.split(' ');
  const group = WITHOUT_GROUP.test(row.command) ? [] : ['-g', LAB_RESOURCE_GROUP];
  const query = row.query === undefined ? [] : ['--query', row.query];
  const { exitCode, stdout, stderr } = await commandLine.az(...words, ...group, ...query, '-o', 'json');
  const shown = stdout.trim() === '' ? '' : JSON.stringify(JSON.parse(stdout));
  const code = /^ERROR: \((\w+)\)/m.exec(stderr)?.[1] ?? '';
  const holds = row.refused
    ? exitCode !== 0 && code === row.refused.code
    : exitCode === 0 && (row.shows === undefined || shown === row.shows);
  return { row, exitCode, shown: row.refused ? code : row.shows === undefined ? '' : shown, holds, stderr };
}

const startedAtRealMs = Date.now();
const lab = await startLab({
  clock: createScaledClock({ epoch: startedAtRealMs, startedAtRealMs, rate: RATE }),
  guests: createGuestFactory({ engine: 'model' }),
  fleet: fillFleetAndRefused,
});
try {
  const commandLine = await signIn(lab);
  const results: Result[] = [];
  for (const row of ROWS) {
    const result = await tryRow(commandLine, row);
    results.push(result);
    console.log(
      `${result.holds ? 'holds' : 'FAILS'}  ${String(result.exitCode)}  az ${row.command}  ${result.shown}`,
    );
    if (!result.holds) console.log(result.stderr.slice(0, 2000));
  }
  commandLine.close();
  const failed = results.filter(({ holds }) => !holds).length;
  const text = toDocument(commandLine.version, results);
  writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
  console.log(`\n${String(results.length - failed)} rows hold, ${String(failed)} do not.`);
  if (failed > 0) process.exitCode = 1;
} finally {
  await lab.close();
}
