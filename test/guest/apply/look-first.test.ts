import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import type { Change } from '../../../shared/model/change.ts';
import { factsBefore, type GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { comparable } from '../../support/comparable.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { answerOf } from '../support/answer.ts';
import { diskOf, offline, onBench, packed, wordsOf } from './support.ts';

const ALLOW: Change = {
  do: 'registry',
  hive: 'system',
  set: 'ControlSet001',
  path: 'Control\\Terminal Server',
  name: 'fDenyTSConnections',
  before: { kind: 'DWord', data: 1 },
  after: { kind: 'DWord', data: 0 },
};

interface Looked {
  seen: Facts;
  answer: GuestAnswer;
}

/** What is told of before; the time goes on by itself. */
function partsOf({ before }: GuestAnswer): string[] {
  return (before ?? []).map(({ part }) => part).filter((part) => part !== 'at');
}

/** A look at a disk, and then the run that looks first. */
function lookedFirst(engine: ScriptEngine): Promise<Looked> {
  return onBench(offline(diskOf('rdp-denied'), { engine }), async (bench) => {
    const seen = await bench.collect();
    const answer = await bench.apply([ALLOW], { LookFirst: 'yes', Tested: 'yes' });
    return { seen, answer };
  });
}

describe('changes on a disk that is looked at first', () => {
  it('come with Windows as they met it, and as it is since', async () => {
    const { seen, answer } = await lookedFirst('model');
    expect(wordsOf(answer)).toEqual(['written']);
    expect({ ...factsBefore(answer), at: '' }).toEqual({ ...seen, at: '' });
    expect(answer.facts?.registry).not.toEqual(seen.registry);
  });

  it('tell only the parts that are otherwise afterwards', async () => {
    const { answer } = await lookedFirst('model');
    expect(partsOf(answer)).toEqual(['registry']);
  });

  it.each([
    ['nothing is to be changed', { Changes: '', Recipe: 'rdp-denied' }],
    ['it is the running Windows', { Changes: packed([ALLOW]), Scope: 'online', Lun: '' }],
  ])('are refused where %s', async (_what, parameters) => {
    await onBench(offline(diskOf('rdp-denied')), async (bench) => {
      const answer = answerOf(await bench.run({ LookFirst: 'yes', ...parameters }));
      expect(answer.error?.code).toBe('ParameterInvalid');
    });
  });

  itWithPwsh('come with the same from the real script', async () => {
    const [real, twin] = [await lookedFirst('pwsh'), await lookedFirst('model')];
    expect(partsOf(real.answer)).toEqual(partsOf(twin.answer));
    expect(comparable(factsBefore(real.answer))).toEqual(comparable(factsBefore(twin.answer)));
    expect(wordsOf(real.answer)).toEqual(wordsOf(twin.answer));
  });
});
