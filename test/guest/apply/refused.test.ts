import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import type { Change } from '../../../shared/model/change.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { answerOf } from '../support/answer.ts';
import { diskOf, nonceOf, offline, onBench, online, packed, wordsOf } from './support.ts';

const SET = 'CurrentControlSet';
const DENY = {
  do: 'registry',
  hive: 'system',
  set: SET,
  path: 'Control\\Terminal Server',
  name: 'fDenyTSConnections',
  before: { kind: 'DWord', data: 1 },
  after: { kind: 'DWord', data: 0 },
} as const satisfies Change;
const TAKE = { do: 'Take-Port', set: SET, port: 3389, to: 0 } as const;
const RULE = {
  do: 'Set-FirewallRule',
  set: SET,
  rule: 'RemoteDesktop-UserMode-In-TCP',
  port: 3389,
  fields: ['active'],
} as const;
const RESTART = { do: 'Restart-RdpServices', services: ['TermService'], pids: [4] } as const;
const START = {
  do: 'Set-ServiceStart',
  set: SET,
  service: 'TermService',
  start: 'Manual',
  account: 'keep',
  run: true,
} as const;
const RENEW = { do: 'Renew-Certificate', thumbprints: [], others: false, keyAside: false } as const;

/** Changes that are none, or that no cause may make. */
const NEVER: readonly (readonly [string, unknown])[] = [
  ['another value', { ...DENY, name: 'fSingleSessionPerUser' }],
  ['another key', { ...DENY, path: 'Control\\Lsa' }],
  ['another number', { ...DENY, after: { kind: 'DWord', data: 1 } }],
  ['another kind', { ...DENY, after: { kind: 'String', data: '0' } }],
  ['a deletion of what may not be deleted', { ...DENY, after: null }],
  ['another hive', { ...DENY, hive: 'software', set: '' }],
  ['a hive without its control set', { ...DENY, set: '' }],
  ['a control set of a disk', { ...DENY, set: 'ControlSet001' }],
  ['a path out of the control set', { ...DENY, set: 'CurrentControlSet\\..' }],
  ['a number as text', { ...DENY, before: { kind: 'DWord', data: '1' } }],
  ['a number that is none', { ...DENY, before: { kind: 'DWord', data: -1 } }],
  ['a kind that changes do not have', { ...DENY, before: { kind: 'QWord', data: '1' } }],
  ['one argument too few', { ...DENY, before: undefined }],
  ['one argument too many', { ...DENY, then: 'more' }],
  ['a verb that is none', { do: 'Invoke-Expression' }],
  ['nothing to do', { set: SET }],
  ['no object', 7],
  ['a list', [DENY]],
  ['null', null],
  ['a port above all', { ...TAKE, to: 99_999 }],
  ['a port below all', { ...TAKE, to: -1 }],
  ['half a port', { ...TAKE, to: 3389.5 }],
  ['a port as text', { ...TAKE, port: '3389' }],
  ['a service that is not named', { ...START, service: 'LanmanServer' }],
  ['a start type that is none', { ...START, start: 'Disabled' }],
  ['an account', { ...START, account: '.\\Administrator' }],
  ['no flag', { ...START, run: 'true' }],
  ['more services than there are', { ...RESTART, services: ['TermService', 'SessionEnv', 'TermService'] }],
  ['no service', { ...RESTART, services: [], pids: [] }],
  ['processes of other services', { ...RESTART, pids: [4, 8] }],
  ['a thumbprint that is a path', { ...RENEW, thumbprints: ['..\\..\\x'] }],
  ['too many thumbprints', { ...RENEW, thumbprints: Array.from({ length: 17 }, () => 'AB') }],
  ['a rule of somebody else', { ...RULE, rule: 'CoreNet-DNS-Out-UDP' }],
  ['a rule by its name', { ...RULE, rule: { name: 'Contoso' } }],
  ['a hash that is none', { ...RULE, rule: { blocks: 'x' } }],
  ['a field that is none', { ...RULE, fields: ['program'] }],
  ['no field', { ...RULE, fields: [] }],
  ['a rule for port 0', { ...RULE, port: 0 }],
  ['a key that is none of ours', { do: 'Repair-KeyAccess', what: 'all' }],
  ['what only a disk has', { do: 'Set-SerialConsole' }],
];

/** Parameters that hold no list of changes. */
const NO_LISTS: readonly (readonly [string, string])[] = [
  ['no base64 of gzip', 'AAAA'],
  ['a cut one', packed([DENY]).slice(0, 24)],
  ['no JSON', gzipSync('[{').toString('base64')],
  ['no list', gzipSync('{"do":"Refresh-Policy"}').toString('base64')],
  ['a bomb', gzipSync(`[${' '.repeat(100_000)}]`).toString('base64')],
  ['65 changes', packed(Array.from({ length: 65 }, () => DENY))],
];

/** What the two read by other means; PowerShell takes seconds for each. */
const HARD: readonly string[] = [
  'a list',
  'null',
  'a cut one',
  'a bomb',
  'one argument too few',
  'a number as text',
  'no flag',
];

function errorOf(engine: ScriptEngine, parameters: Record<string, string>) {
  const disk = diskOf('rdp-denied');
  const before = comparableDisk(disk);
  return onBench(online(disk, { engine }), async (bench) => {
    const { error, outcomes, facts } = answerOf(await bench.run(parameters));
    expect(comparableDisk(disk)).toEqual(before);
    expect(outcomes).toEqual([]);
    expect(facts).toBeNull();
    return error;
  });
}

describe('changes that are not allowed', () => {
  it.each(NEVER)('are refused before anything is written: %s', async (_, change) => {
    const error = await errorOf('model', { Changes: packed([DENY, change]) });
    expect(error?.code).toBe('ChangeNotAllowed');
    expect(error?.message).toContain('change 1');
  });

  it.each(NO_LISTS)('are refused as a whole: %s', async (_, changes) => {
    expect((await errorOf('model', { Changes: changes }))?.code).toBe('ChangeNotAllowed');
  });

  for (const [what, changes] of [
    ...NEVER.map(([what, change]) => [what, packed([DENY, change])] as const),
    ...NO_LISTS,
  ].filter(([what], index) => index % 5 === 0 || HARD.includes(what))) {
    itWithPwsh(`are refused by PowerShell in the same words: ${what}`, async () => {
      expect(await errorOf('pwsh', { Changes: changes })).toEqual(
        await errorOf('model', { Changes: changes }),
      );
    });
  }

  it.each([
    ['nothing', {}],
    ['changes and a recipe', { Changes: packed([DENY]), Recipe: 'tls' }],
    ['changes and a way back', { Changes: packed([DENY]), Undo: nonceOf(5) }],
  ])('and neither is %s', async (_, parameters) => {
    expect((await errorOf('model', parameters))?.code).toBe('ParameterInvalid');
  });

  it('on a disk are those that only a running Windows can make, and a way back', async () => {
    const disk = diskOf('rdp-denied');
    await onBench(offline(disk), async (bench) => {
      const onlineOnly: Change[] = [
        { do: 'Restart-RdpServices', services: ['TermService'], pids: [4] },
        { do: 'Refresh-Policy' },
        DENY,
      ];
      for (const change of onlineOnly) {
        const answer = await bench.apply([change]);
        expect(answer.error?.code).toBe('ChangeNotAllowed');
      }
      const undone = answerOf(await bench.run({ Undo: nonceOf(5) }));
      expect(undone.error?.code).toBe('ParameterInvalid');
    });
  });

  it('on a disk are those for a control set that is not in use: it would be made as a stub', async () => {
    const disk = diskOf('rdp-denied');
    const before = comparableDisk(disk);
    await onBench(offline(disk), async (bench) => {
      const answer = await bench.apply([
        { ...DENY, set: 'ControlSet001' },
        { ...DENY, set: 'ControlSet007' },
      ]);
      expect(answer.error).toEqual({
        code: 'ChangeNotAllowed',
        message: 'change 1, ControlSet007 is not in use',
      });
      expect(bench.machine().hives.loaded()).toEqual([]);
    });
    expect(comparableDisk(disk)).toEqual(before);
  });
});

describe('a recipe', () => {
  it('is carried out by hand, whatever stood there', async () => {
    await onBench(online(diskOf('rdp-denied')), async (bench) => {
      const answer = answerOf(await bench.run({ Recipe: 'rdp-denied' }));
      expect(wordsOf(answer)).toContain('written');
      expect(answer.hash).toBe('');
    });
  });

  for (const id of ['tls', 'rdp-firewall', 'machine-keys']) {
    itWithPwsh(`is carried out by PowerShell as by its twin: ${id}`, async () => {
      const run = (engine: ScriptEngine) =>
        onBench(
          online(diskOf(id), { engine }),
          async (bench) => answerOf(await bench.run({ Recipe: id })).outcomes,
        );
      expect(await run('pwsh')).toEqual(await run('model'));
    });
  }

  it('counts for each control set of a disk', async () => {
    await onBench(offline(diskOf('tls')), async (bench) => {
      const answer = answerOf(await bench.run({ Recipe: 'tls' }));
      expect(wordsOf(answer)).not.toContain('refused');
      expect(answer.facts?.owed).toEqual(['group-policy']);
    });
  });

  it('that is unknown is an error', async () => {
    const error = await errorOf('model', { Recipe: 'nothing-known' });
    expect(error?.code).toBe('RecipeUnknown');
    expect(error?.message).toContain('rdp-denied');
  });
});

describe('the answer', () => {
  it('echoes the hash of the changes as they arrived', async () => {
    await onBench(online(diskOf('healthy')), async (bench) => {
      const { hash } = await bench.apply([DENY]);
      expect(hash).toBe(
        createHash('sha256')
          .update(JSON.stringify([DENY]))
          .digest('hex')
          .toUpperCase(),
      );
    });
  });
});
