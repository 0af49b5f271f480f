import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { judge } from '../../../shared/repair/diagnosis.ts';
import { lookAt } from '../../shared/causes/facts.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { diskOf, offline, onBench, online, wordsOf, type Bench } from '../apply/support.ts';
import { answerOf } from '../support/answer.ts';

const CURES = CAUSES.filter(({ recipe }) => recipe.length > 0);
const RECIPES = CURES.map(({ id }) => id);
const PLACES = { online, offline } as const;
/** What a recipe is allowed to answer: each change did its work, or had none. */
const WELL = /^(written|stands|set|made|repaired|restarted)$/;

function faultsIn(facts: Facts): readonly string[] {
  return judge(lookAt(facts)).faults;
}

/** Without a number of its run, as a person does it. */
async function cure(bench: Bench, recipe: string): Promise<string[]> {
  return wordsOf(answerOf(await bench.run({ Nonce: '0'.repeat(32), Recipe: recipe })));
}

async function restart({ guest }: Bench): Promise<void> {
  await guest.powerOff();
  await guest.powerOn({ settled: true });
}

/** What docs/how-to-repair-by-hand.md says is to be done after a cure. */
async function afterwards(bench: Bench, id: string): Promise<void> {
  const cause = CURES.find((one) => one.id === id);
  if (cause?.takesEffect === 'now') {
    const { handshake } = await bench.collect();
    if (handshake.stage !== 'done') expect(await cure(bench, 'rdp-services')).toEqual(['restarted']);
    return;
  }
  await restart(bench);
  await policyBack(bench);
}

/** Group Policy is given back where the cure held it off. */
async function policyBack(bench: Bench): Promise<void> {
  if ((await bench.collect()).owed.includes('group-policy'))
    expect(await cure(bench, 'group-policy')).toEqual(['refreshed']);
}

async function cured(place: keyof typeof PLACES, id: string, disk: GuestDisk, engine: ScriptEngine) {
  return onBench(PLACES[place](disk, { engine }), async (bench) => {
    const words = await cure(bench, id);
    return { words, disk: comparableDisk(disk) };
  });
}

describe.each(RECIPES)('the recipe %s', (id) => {
  it('cures the VM that has this fault, and with what the how-to says comes afterwards RDP answers', async () => {
    await onBench(online(diskOf(id)), async (bench) => {
      expect(faultsIn(await bench.collect())).toContain(id);
      for (const word of await cure(bench, id)) expect(word).toMatch(WELL);
      await afterwards(bench, id);
      const facts = await bench.collect();
      expect(faultsIn(facts)).not.toContain(id);
      expect(facts.handshake.stage).toBe('done');
    });
  });

  it('cures its disk on a rescue VM, and RDP answers from it', async () => {
    const disk = diskOf(id);
    await onBench(offline(disk), async (bench) => {
      for (const word of await cure(bench, id)) expect(word).toMatch(WELL);
      expect(faultsIn(await bench.collect())).not.toContain(id);
    });
    await onBench(online(disk), async (bench) => {
      await policyBack(bench);
      const facts = await bench.collect();
      expect(faultsIn(facts)).not.toContain(id);
      expect(facts.handshake.stage).toBe('done');
    });
  });

  for (const place of ['online', 'offline'] as const)
    itWithPwsh(`does the same in PowerShell, ${place}`, async () => {
      const original = diskOf(id);
      const real = await cured(place, id, structuredClone(original), 'pwsh');
      expect(real).toEqual(await cured(place, id, structuredClone(original), 'model'));
    });
});

describe('what comes after a cure', () => {
  for (const [id, word] of [
    ['rdp-services', 'restarted'],
    ['group-policy', 'refreshed'],
  ] as const) {
    itWithPwsh(`does the same in PowerShell: ${id}`, async () => {
      const original = diskOf('tls');
      const real = await cured('online', id, structuredClone(original), 'pwsh');
      expect(real.words).toEqual([word]);
      expect(real).toEqual(await cured('online', id, structuredClone(original), 'model'));
    });

    it(`is nothing on a disk: ${id}`, async () => {
      await onBench(offline(diskOf('tls')), async (bench) => {
        expect(await cure(bench, id)).toEqual([]);
      });
    });
  }
});

describe('apply without a number of its run', () => {
  itWithPwsh('takes back what it did by hand, under zeros', async () => {
    await onBench(online(diskOf('rdp-denied'), { engine: 'pwsh' }), async (bench) => {
      const byHand = { text: composeScript('apply') };
      await bench.guest.runScript({ ...byHand, parameters: { Recipe: 'rdp-denied', Text: 'only' } });
      expect(faultsIn(await bench.collect())).not.toContain('rdp-denied');
      const undone = { Undo: '0'.repeat(32), Text: 'only' };
      await bench.guest.runScript({ ...byHand, parameters: undone });
      expect(faultsIn(await bench.collect())).toContain('rdp-denied');
    });
  });
});
