/**
 * Everything that goes wrong, all of it on the virtual clock: `npm run chaos`; `--rows crash,calls` some rows alone, `--stories swap` some
 * stories, `--runs 5000` more random runs, `--seed 7` others, `--one-in 40` a sample, `--only text` the cases whose words hold it, `--alone` one trouble in a run.
 * Prints a table, writes `chaos/results.json`, and fails where a row does not hold (docs/reliability.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import {
  closeScene,
  openScene,
  outside,
  ROWS,
  upgrade,
  WHOLE,
  type Outcome,
  type RowName,
  type Size,
} from './rows.ts';
import { STORIES, type Story } from './support/arena.ts';
import { tellMutation } from './rows/mutation.ts';
import { added, tell } from './table.ts';

/** More of them take longer: each one is busy nearly all of its time, and the storage emulator is beside them. One that mostly waits runs beside. */
const AT_ONCE = availableParallelism();
/** Runs that one process plays: more of them make the simulated Azure slow. */
const RUNS_A_PART = 500;
const MARK = 'RDP-MEDIC-CHAOS ';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    stories: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    'one-in': { type: 'string' },
    only: { type: 'string' },
    alone: { type: 'boolean' },
    row: { type: 'string' },
    share: { type: 'string' },
    storage: { type: 'string' },
  },
});

type Name = RowName | 'outside' | 'upgrade' | 'mutation';

/** A row, or a part of it, in a process of its own. */
interface Part {
  name: Name;
  args: readonly string[];
}

/** Rows whose runs mostly wait for real: for calls that nobody answers, or one for the other. */
const WAITING: readonly Name[] = ['storage', 'outside', 'guest', 'hosts'];

if (values.row === undefined) await runAll();
else await runOne(values.row as Name, values.storage ?? '');

function sizeOf(): Size {
  const [index = 0, of = 1] = (values.share ?? '0/1').split('/').map(Number);
  return {
    ...WHOLE,
    share: { index, of },
    ...(values.runs !== undefined && { runs: Number(values.runs) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values['one-in'] !== undefined && { oneIn: Number(values['one-in']) }),
    ...(values.only !== undefined && { only: values.only }),
    ...(values.alone !== undefined && { alone: values.alone }),
    ...(values.stories !== undefined && { stories: storiesOf(values.stories) }),
  };
}

async function outcomesOf(name: Name, storage: string, size: Size): Promise<Outcome[]> {
  if (name === 'outside') return outside(storage, size);
  if (name === 'upgrade') return upgrade();
  if (name === 'mutation') return tellMutation();
  const scene = await openScene(storage, size, [name]);
  const outcomes = await ROWS[name](scene, size);
  await closeScene(scene);
  return outcomes;
}

function storiesOf(names: string): Story[] {
  return names.split(',').map((name) => STORIES[name as keyof typeof STORIES]);
}

async function runOne(name: Name, storage: string): Promise<void> {
  const outcomes = await outcomesOf(name, storage, sizeOf());
  process.stdout.write(`${MARK}${JSON.stringify(outcomes)}\n`);
}

/** Those that take longest begin first. */
function partsOf(): Part[] {
  const shares = Math.ceil(sizeOf().runs / RUNS_A_PART);
  const stories = values.stories?.split(',') ?? Object.keys(STORIES);
  const byStory = (name: Name): Part[] => stories.map((story) => ({ name, args: ['--stories', story] }));
  const all: Part[] = [
    ...byStory('calls'),
    ...Array.from({ length: shares }, (_, index): Part => {
      return { name: 'random', args: ['--share', `${String(index)}/${String(shares)}`] };
    }),
    ...byStory('crash'),
    ...byStory('storage'),
    { name: 'fuzz', args: [] },
    { name: 'guest', args: [] },
    { name: 'outside', args: [] },
    { name: 'hosts', args: [] },
    { name: 'upgrade', args: [] },
    { name: 'mutation', args: [] },
  ];
  const wanted = values.rows?.split(',');
  return all.filter(({ name }) => wanted?.includes(name) ?? true);
}

async function runAll(): Promise<void> {
  const begun = Date.now();
  const queue = partsOf();
  const azurite = await startAzurite();
  const outcomes: Outcome[] = [];
  let account = 0;
  const take = (waits: boolean): Part | undefined => {
    const index = queue.findIndex(({ name }) => WAITING.includes(name) === waits);
    return index < 0 ? undefined : queue.splice(index, 1)[0];
  };
  const work = async (next: () => Part | undefined): Promise<void> => {
    for (let part = next(); part; part = next()) {
      account += 1;
      outcomes.push(...(await inProcess(part, azurite.connectionString(`account${String(account)}`))));
    }
  };
  await Promise.all([
    work(() => take(true)),
    ...Array.from({ length: AT_ONCE }, () => work(() => take(false) ?? take(true))),
  ]);
  await azurite.close();
  report(added(outcomes), (Date.now() - begun) / 60_000);
}

async function inProcess({ name, args }: Part, storage: string): Promise<Outcome[]> {
  const begun = Date.now();
  const child = spawn(
    process.execPath,
    [import.meta.filename, ...process.argv.slice(2), '--row', name, ...args, '--storage', storage],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  await once(child, 'close');
  const outcomes = outcomesIn(output) ?? [
    { row: name, goal: 'an end', counts: {}, wrong: [`${name} broke off: ${output.slice(-2000)}`] },
  ];
  console.log(`${[name, ...args].join(' ')}: ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  // At once, and not with the table: a run takes long enough for somebody to stop it.
  for (const { wrong } of outcomes) for (const line of wrong) console.log(`WRONG ${line}`);
  return outcomes;
}

function outcomesIn(output: string): Outcome[] | undefined {
  const line = output.split('\n').find((text) => text.startsWith(MARK));
  return line === undefined ? undefined : (JSON.parse(line.slice(MARK.length)) as Outcome[]);
}

function report(outcomes: readonly Outcome[], minutes: number): void {
  const told = outcomes.map(tell);
  for (const { row, figure, goal, holds } of told)
    console.log(`${holds ? 'holds ' : 'BROKEN'}  ${row}\n        ${figure}\n        goal: ${goal}`);
  mkdirSync('chaos', { recursive: true });
  writeFileSync('chaos/results.json', `${JSON.stringify(told, null, 2)}\n`);
  console.log(`${minutes.toFixed(1)} minutes; chaos/results.json`);
  if (told.some(({ holds }) => !holds)) process.exitCode = 1;
}
