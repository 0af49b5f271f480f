import type { Done } from '../../../shared/causes/cause.ts';
import type { Change } from '../../../shared/model/change.ts';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  actionsOf,
  findingsOfOutcomes,
  givesOnlyBack,
  isGood,
  mayHoldPolicyOff,
  toldBy,
} from '../../../shared/repair/outcomes.ts';

const policyOff: Change = {
  do: 'registry',
  hive: 'system',
  set: 'CurrentControlSet',
  path: 'Services\\gpsvc',
  name: 'Start',
  before: { kind: 'DWord', data: 2 },
  after: { kind: 'DWord', data: 4 },
};
const refresh: Change = { do: 'Refresh-Policy' };

function ended(change: Change, word: string, data: Done['outcome']['data'] = []): Done {
  return { change, outcome: { change: 0, do: change.do, word, wrote: [], data, error: null } };
}

describe('outcomes of changes', () => {
  it.each([
    [policyOff, 'written', true],
    [policyOff, 'stands', true],
    [policyOff, 'moved', false],
    [policyOff, 'refused', false],
    [refresh, 'refreshed', true],
    [refresh, 'no-domain-controller', false],
  ] as const)('%# are good or not by the words of their own kind', (change, word, good) => {
    expect(isGood(ended(change, word))).toBe(good);
  });

  it('tells what Windows refused, in words and with its own code', () => {
    const refused: Done = ended(policyOff, 'refused');
    refused.outcome.error = { code: 5, text: 'Zugriff verweigert' };
    expect(findingsOfOutcomes([refused, ended(refresh, 'refreshed')])).toEqual([
      {
        code: 'ChangeNotDone',
        severity: 'warning',
        detail: 'Windows refused this change: set Start in CurrentControlSet\\Services\\gpsvc to 4',
        data: { outcome: 'refused', error: 5, message: 'Zugriff verweigert' },
      },
    ]);
  });

  it('gives the newest of what verbs told', () => {
    const told = (port: number) =>
      ended({ do: 'Take-Port', set: 'CurrentControlSet', port: 3389, to: 0 }, 'moved', [
        { name: 'newPort', value: port },
      ]);
    expect(toldBy([told(3390), told(3391)], 'newPort')).toBe(3391);
    expect(toldBy([ended(refresh, 'refreshed')], 'newPort')).toBeUndefined();
  });
});

describe('what a guest wrote', () => {
  const written = (what: string) =>
    actionsOf([
      {
        outcome: {
          change: 0,
          do: 'x',
          word: 'written',
          wrote: [{ what, target: 't', before: null, after: null }],
          data: [],
          error: null,
        },
      },
    ]);

  it('is told in words for every word that a script has for it', () => {
    const folder = join(import.meta.dirname, '../../../guest');
    const texts = globSync('{*,lib/*,lib/verbs/*}.ps1', { cwd: folder }).map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    const words = texts.flatMap((text) =>
      [...text.matchAll(/Add-Written -What '([a-z-]+)'/g)].map(([, word = '']) => word),
    );
    const fields = ['active', 'action', 'port', 'profile', 'address', 'off'].map(
      (field) => `firewall-${field}`,
    );
    expect(words.length).toBeGreaterThan(10);
    for (const word of [...words, ...fields]) expect(written(word)[0]?.what).toMatch(/^[a-z]+ .*[a-zA-Z]$/);
  });

  it('stays what it is where the word is none of ours', () => {
    expect(written('=cmd()')[0]?.what).toBe('=cmd()');
  });
});

describe('Group Policy', () => {
  it.each<[string, Change[], boolean]>([
    ['nothing is to be done', [], false],
    ['gpsvc is to be disabled', [refresh, policyOff], true],
    ['it is to be given back', [refresh], false],
  ])('may be left off, or not, where %s', (_what, changes, may) => {
    expect(mayHoldPolicyOff(changes)).toBe(may);
  });

  it('given back is nothing that would have to be taken back', () => {
    expect(givesOnlyBack([refresh])).toBe(true);
    expect(givesOnlyBack([refresh, policyOff])).toBe(false);
  });
});
