import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { OFFLINE_CASES, ONLINE_CASES } from './cases.ts';
import type { Case } from './case.ts';
import { offline, onBench, online, wordsOf, type Bench } from './support.ts';

type Place = 'online' | 'offline';
const PLACES: readonly (readonly [Place, readonly Case[]])[] = [
  ['online', ONLINE_CASES],
  ['offline', OFFLINE_CASES],
];

function benchOf(place: Place, disk: GuestDisk, engine: ScriptEngine): Promise<Bench> {
  return place === 'online' ? online(disk, { engine }) : offline(disk, { engine });
}

/** What a run answered about its changes, and what it left. The same number of run for both engines. */
async function carriedOut(place: Place, { changes }: Case, disk: GuestDisk, engine: ScriptEngine) {
  return onBench(benchOf(place, disk, 'model'), async (looker) => {
    const facts = await looker.collect();
    return changes(facts, place === 'online' ? 'CurrentControlSet' : (facts.sets[0] ?? ''));
  }).then((list) =>
    onBench(benchOf(place, disk, engine), async (bench) => {
      const answer = await bench.apply(list);
      return { answer, disk: comparableDisk(disk) };
    }),
  );
}

describe.each(PLACES)('changes carried out %s', (place, cases) => {
  it.each(cases)('end as they should: $what', async (one) => {
    const { answer } = await carriedOut(place, one, one.make(), 'model');
    expect(wordsOf(answer)).toEqual(one.words);
    expect(answer.facts?.owed.filter((word) => word !== 'group-policy')).toEqual([]);
    if (place === 'online' && one.serves === true) expect(answer.facts?.handshake.stage).toBe('done');
  });

  for (const one of cases) {
    itWithPwsh(`answer and leave the same in PowerShell: ${one.what}`, async () => {
      const original = one.make();
      const real = await carriedOut(place, one, structuredClone(original), 'pwsh');
      const twin = await carriedOut(place, one, structuredClone(original), 'model');
      expect(real.answer.error).toEqual(twin.answer.error);
      expect(real.answer.hash).toBe(twin.answer.hash);
      expect(real.answer.outcomes).toEqual(twin.answer.outcomes);
      expect(real.answer.facts?.owed).toEqual(twin.answer.facts?.owed);
      expect(real.disk).toEqual(twin.disk);
    });
  }
});
