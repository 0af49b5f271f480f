/**
 * Combinations of kinds of VMs by chance, each with something that goes wrong in Azure: `npm run matrix -- --runs 500 [--seed 7]`.
 * The same seed makes the same combinations. Fails where one of them ends neither repaired nor as it was.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import { combinationsOf, openCombined, play, type Combination } from '../e2e/kinds/support/combined.ts';

/** How many VMs stand in one lab, in a process of its own: the app reads its settings once. */
const CHUNK = 50;

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
});
const runs = Number(values.runs ?? 500);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

if (values.from === undefined) playAll();
else await playChunk(combinationsOf(runs, seed).slice(Number(values.from), Number(values.from) + CHUNK));

function playAll(): void {
  console.log(`${String(runs)} combinations, seed ${String(seed)}`);
  const tally = new Map<string, number>();
  let wrong = 0;
  for (let from = 0; from < runs; from += CHUNK) {
    const script = [
      import.meta.filename,
      '--runs',
      String(runs),
      '--seed',
      String(seed),
      '--from',
      String(from),
    ];
    const { stdout, status } = spawnSync(process.execPath, script, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`The runs from ${String(from)} broke off.`);
    for (const line of stdout.split('\n').filter((text) => text !== '')) {
      const [outcome = '', ...faults] = line.split('\t');
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
      if (faults.length === 0) continue;
      wrong += 1;
      console.log(`WRONG ${outcome}: ${faults.join('; ')}`);
    }
    const told = [...tally]
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => `${name} ${String(count)}`);
    console.log(`${String(Math.min(from + CHUNK, runs))} of ${String(runs)}: ${told.join(', ')}`);
  }
  console.log(
    wrong === 0 ? 'Each ended repaired, or as it was with the reason.' : `${String(wrong)} did not.`,
  );
  if (wrong > 0) process.exitCode = 1;
}

/** A line for each: its outcome, and behind tabs what is wrong. */
async function playChunk(combinations: readonly Combination[]): Promise<void> {
  const azurite = await startAzurite();
  const theatre = await openCombined(0, combinations, azurite.connectionString('account1'));
  try {
    for (const combination of combinations) {
      const { name, kinds, way, fault } = combination;
      const { outcome, why, wrong } = await play(theatre, combination);
      const told = outcome === 'repaired-offline' ? outcome : `${outcome} (${why.join(', ')})`;
      const what =
        wrong.length > 0 ? [`${name} by ${way}, ${fault}`, kinds.map((kind) => kind.name).join(' ')] : [];
      console.log([told, ...what, ...wrong].join('\t'));
    }
  } finally {
    await theatre.close();
    await azurite.close();
  }
}
