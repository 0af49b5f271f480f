/**
 * Everything that goes wrong, all of it on the virtual clock: `npm run chaos`, with `--rows crash,calls` some rows alone, `--runs 5000` more
 * random runs, `--seed 7` others. Prints a table, writes `chaos/results.json`, and fails where a row does not hold (docs/reliability.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import { STORIES, type Story } from './support/arena.ts';
import { openScene, ROWS, WHOLE, type Outcome, type RowName, type Told } from './rows.ts';

/** As many rows as processors are meant for it run at once; those that take longest begin first. */
const AT_ONCE = 2;
const ORDER: readonly RowName[] = ['calls', 'crash', 'random', 'fuzz', 'guest', 'hosts'];
const MARK = 'RDP-MEDIC-CHAOS ';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    'one-in': { type: 'string' },
    only: { type: 'string' },
    stories: { type: 'string' },
    row: { type: 'string' },
    storage: { type: 'string' },
  },
});

if (values.row === undefined) await runAll();
else await runOne(values.row as RowName, values.storage ?? '');

async function runOne(name: RowName, storage: string): Promise<void> {
  const size = {
    ...WHOLE,
    ...(values.runs !== undefined && { runs: Number(values.runs) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values['one-in'] !== undefined && { oneIn: Number(values['one-in']) }),
    ...(values.only !== undefined && { only: values.only }),
    ...(values.stories !== undefined && { stories: storiesOf(values.stories) }),
  };
  const scene = await openScene(storage, size);
  const outcome = await ROWS[name](scene, size);
  process.stdout.write(`${MARK}${JSON.stringify(outcome)}\n`, () => process.exit());
}

function storiesOf(names: string): Story[] {
  return names.split(',').map((name) => STORIES[name as keyof typeof STORIES]);
}

async function runAll(): Promise<void> {
  const begun = Date.now();
  const wanted = values.rows?.split(',') ?? ORDER;
  const queue = ORDER.filter((name) => wanted.includes(name));
  const azurite = await startAzurite();
  const outcomes = new Map<RowName, Outcome>();
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const storage = azurite.connectionString(`account${String(ORDER.indexOf(name) + 1)}`);
      outcomes.set(name, await inProcess(name, storage));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await azurite.close();
  const found = ORDER.flatMap((name) => outcomes.get(name) ?? []);
  tell(
    found.flatMap(({ told }) => told),
    found.flatMap(({ wrong }) => wrong),
    (Date.now() - begun) / 60_000,
  );
}

async function inProcess(name: RowName, storage: string): Promise<Outcome> {
  const begun = Date.now();
  const child = spawn(
    process.execPath,
    [import.meta.filename, ...process.argv.slice(2), '--row', name, '--storage', storage],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  await once(child, 'close');
  const line = output.split('\n').find((text) => text.startsWith(MARK));
  console.log(`${name}: ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  if (line !== undefined) return JSON.parse(line.slice(MARK.length)) as Outcome;
  const told: Told = { row: name, figure: 'broke off', goal: 'an end', holds: false };
  return { told: [told], wrong: [`${name}: ${output.slice(-2000)}`] };
}

function tell(told: readonly Told[], wrong: readonly string[], minutes: number): void {
  for (const line of wrong) console.log(`WRONG ${line}`);
  for (const { row, figure, goal, holds } of told)
    console.log(`${holds ? 'holds ' : 'BROKEN'}  ${row}\n        ${figure}\n        goal: ${goal}`);
  mkdirSync('chaos', { recursive: true });
  writeFileSync('chaos/results.json', `${JSON.stringify(told, null, 2)}\n`);
  console.log(`${minutes.toFixed(1)} minutes; chaos/results.json`);
  if (told.some(({ holds }) => !holds)) process.exitCode = 1;
}
