import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import { PLAIN_OUTCOMES, VERBS, type Change, type VerbName } from '../../../shared/model/change.ts';
import { wordsOfChange } from '../../../shared/repair/plan-words.ts';
import { registry } from '../causes/cases/case.ts';

const EXAMPLES: Readonly<Record<VerbName, Change>> = {
  'Take-Port': { do: 'Take-Port', set: 'CurrentControlSet', port: 3389, to: 0 },
  'Restart-RdpServices': { do: 'Restart-RdpServices', services: ['SessionEnv', 'TermService'], pids: [8, 9] },
  'Repair-KeyAccess': { do: 'Repair-KeyAccess', what: 'bound-key' },
  'Renew-Certificate': { do: 'Renew-Certificate', thumbprints: ['0A1B'], others: true, keyAside: true },
  'Set-ServiceStart': {
    do: 'Set-ServiceStart',
    set: 'CurrentControlSet',
    service: 'KeyIso',
    start: 'Manual',
    account: 'keep',
    run: true,
  },
  'Set-FirewallRule': {
    do: 'Set-FirewallRule',
    set: 'CurrentControlSet',
    rule: { blocks: '0'.repeat(64) },
    port: 3389,
    fields: ['off'],
  },
  'Refresh-Policy': { do: 'Refresh-Policy' },
  'Set-SerialConsole': { do: 'Set-SerialConsole' },
};
const PLAIN = registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0);

describe('a change in words', () => {
  it.each(Object.values(EXAMPLES))('says all that $do may write and how it may end', (change) => {
    if (change.do === 'registry') throw new Error('is no verb');
    const { writes, mayEndAs } = wordsOfChange(change);
    expect(writes).toEqual(VERBS[change.do].footprint);
    expect(mayEndAs.map(({ word }) => word)).toEqual(VERBS[change.do].outcomes);
  });

  it('has a meaning for every word', () => {
    for (const change of [PLAIN, ...Object.values(EXAMPLES)])
      for (const { word, meaning } of wordsOfChange(change).mayEndAs) expect(meaning).not.toBe(word);
  });

  it('says of a value what was seen and what will stand there', () => {
    const { will, asSeen, mayEndAs } = wordsOfChange(PLAIN);
    expect(will).toBe('set fDenyTSConnections in CurrentControlSet\\Control\\Terminal Server to 0');
    expect(asSeen).toBe('1');
    expect(wordsOfChange({ ...PLAIN, before: null }).asSeen).toBe('not there');
    expect(mayEndAs.map(({ word }) => word)).toEqual(PLAIN_OUTCOMES);
  });

  it('says "moved" of a value that is left alone, and of RDP on another port', () => {
    const moved = (change: Change) => wordsOfChange(change).mayEndAs.find(({ word }) => word === 'moved');
    expect(moved(PLAIN)?.meaning).not.toBe(moved(EXAMPLES['Take-Port'])?.meaning);
  });

  it.each([
    ['Take-Port', ['port 3389']],
    ['Restart-RdpServices', ['SessionEnv, TermService']],
    ['Repair-KeyAccess', ['bound-key']],
    [
      'Renew-Certificate',
      ['0A1B', 'and every other unusable self-signed one', 'its damaged key is moved aside'],
    ],
    ['Set-ServiceStart', ['KeyIso', 'start Manual']],
    ['Set-FirewallRule', ['a blocking rule', 'port 3389', 'off']],
  ] as const)('names what %s works on', (verb, details) => {
    expect(wordsOfChange(EXAMPLES[verb]).details).toEqual(details);
  });
});
