/**
 * Combinations of kinds of VMs by chance, each with something that goes wrong in Azure: `npm run matrix -- --runs 500 [--seed 7]`.
 * The same seed makes the same combinations. Fails where one of them ends neither repaired nor as it was.
 */
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import { combinationsOf, openCombined, play, type Combination } from '../e2e/kinds/support/combined.ts';

/** How many VMs stand in one lab: a new one each time keeps it small. */
const CHUNK = 20;

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 500);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`${String(runs)} combinations, seed ${String(seed)}`);

const outcomes = new Map<string, number>();
let wrongOnes = 0;
const azurite = await startAzurite();
try {
  const all = combinationsOf(runs, seed);
  for (let at = 0; at < all.length; at += CHUNK) {
    await playChunk(all.slice(at, at + CHUNK), azurite.connectionString(`account${String(at / CHUNK + 1)}`));
    console.log(`${String(Math.min(at + CHUNK, all.length))} of ${String(all.length)}: ${tally()}`);
  }
} finally {
  await azurite.close();
}
console.log(
  wrongOnes === 0 ? 'Each ended repaired, or as it was with the reason.' : `${String(wrongOnes)} did not.`,
);
if (wrongOnes > 0) process.exitCode = 1;

async function playChunk(combinations: readonly Combination[], storage: string): Promise<void> {
  const theatre = await openCombined(0, combinations, storage);
  try {
    for (const combination of combinations) {
      const { outcome, why, wrong } = await play(theatre, combination);
      const key = outcome === 'repaired-offline' ? outcome : `${outcome} (${why.join(', ')})`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      if (wrong.length === 0) continue;
      wrongOnes += 1;
      console.log(
        `WRONG ${combination.name} by ${combination.way}, ${combination.fault}: ${wrong.join('; ')}`,
      );
      console.log(`  ${combination.kinds.map(({ name }) => name).join(' ')}; ${key}`);
    }
  } finally {
    await theatre.close();
  }
}

function tally(): string {
  return [...outcomes]
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${outcome} ${String(count)}`)
    .join(', ');
}
