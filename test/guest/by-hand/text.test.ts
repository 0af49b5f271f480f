import { blockPort } from '../../../lab/fleet/faults/firewall.ts';
import { refuseSystemKey } from '../../../lab/fleet/faults/registry.ts';
import type { ScriptOutcome } from '../../../lab/windows/guest.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { diskOf, LUN, offline, onBench, online, type Bench } from '../apply/support.ts';
import { answerOf } from '../support/answer.ts';

/** As an engineer runs it: only with what has to be said. */
function look({ guest }: Bench, parameters: Record<string, string> = {}): Promise<ScriptOutcome> {
  return guest.runScript({ text: composeScript('collect'), parameters });
}

/** A group's rows, by its title up to a colon. */
function group(text: string, title: string): string[] {
  const blocks = text.split('\n\n').map((block) => block.trim().split('\n'));
  const found = blocks.find(([first]) => first?.split(':')[0] === title);
  return (found ?? []).slice(1);
}

const inPwsh = { engine: 'pwsh' } as const;

describe('what collect says to people', () => {
  itWithPwsh('stands in groups, what matters most at the end, where a screen stops', async () => {
    await onBench(online(diskOf('tls'), inPwsh), async (bench) => {
      const { stdout } = await look(bench, { Text: 'only' });
      const titles = stdout.split('\n').filter((line) => /^[A-Z]/.test(line));
      expect(titles.map((line) => line.split(':')[0])).toEqual([
        'Registry',
        'Registry',
        'Firewall rules',
        'Events of 24 hours',
        'Boot',
        'Services',
        'Certificates of RDP',
        'Private keys',
        'Listening on the port of RDP',
        'This Windows',
      ]);
      expect(group(stdout, 'This Windows')).toEqual(
        expect.arrayContaining([
          '  computer    TLS',
          expect.stringMatching(/^ {2}system {6}Windows Server/),
          expect.stringMatching(/^ {2}handshake {3}tls/),
        ]),
      );
      expect(stdout).toContain(
        '  Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server\n    Enabled ',
      );
    });
  });

  itWithPwsh('is aligned: every cell of a column begins at the same place', async () => {
    await onBench(online(diskOf('tls'), inPwsh), async (bench) => {
      const rows = group((await look(bench, { Text: 'only' })).stdout, 'Services');
      expect(rows.length).toBeGreaterThan(8);
      const states = rows.map((row) => row.search(/(?:Running|Stopped) /));
      expect(new Set(states).size).toBe(1);
    });
  });

  itWithPwsh(
    'comes before the answer where nobody says how, and alone or not at all where one does',
    async () => {
      await onBench(online(diskOf('rdp-denied'), inPwsh), async (bench) => {
        const both = await look(bench);
        expect(both.stdout).toContain('This Windows');
        expect(both.stdout.trimEnd().split('\n').at(-1)).toMatch(/^RDP-MEDIC-RESULT 0{32} /);
        expect((await look(bench, { Text: 'only' })).stdout).not.toContain('RDP-MEDIC');
        expect((await look(bench, { Text: 'no' })).stdout).not.toContain('This Windows');
      });
    },
  );

  itWithPwsh('is ASCII without control characters, whatever a guest names things', async () => {
    const name = 'B\u00f6se\u202e\u200f \u001b[31m `$(Get-Date)`\tx';
    await onBench(online(diskOf('firewall-block-rule', blockPort(3389, name)), inPwsh), async (bench) => {
      const { stdout } = await look(bench, { Text: 'only' });
      expect(stdout).toMatch(/^[\n\r -~]+$/);
      expect(stdout).toContain('B?se?? ?[31m `$(Get-Date)`?x');
    });
  });

  itWithPwsh('says what could not be read, by its number', async () => {
    const key = 'Control\\Lsa\\FIPSAlgorithmPolicy';
    await onBench(online(diskOf('rdp-denied', refuseSystemKey(key, 'all')), inPwsh), async (bench) => {
      const { stdout } = await look(bench, { Text: 'only' });
      expect(stdout).toMatch(/^ {2}Control\\Lsa\\FIPSAlgorithmPolicy +0x5 +\S/m);
    });
  });

  itWithPwsh('tells an error instead of facts', async () => {
    await onBench(online(diskOf('tls'), inPwsh), async (bench) => {
      const { stdout } = await look(bench, { Scope: 'offline', Text: 'only' });
      expect(group(stdout, 'Error')).toEqual(['  ParameterInvalid  an offline run needs the LUN']);
    });
  });

  itWithPwsh('speaks of the Windows on a disk too', async () => {
    await onBench(offline(diskOf('tls'), inPwsh), async (bench) => {
      const { stdout } = await look(bench, { Scope: 'offline', Lun: String(LUN), Text: 'only' });
      expect(group(stdout, 'This Windows')).toContainEqual(expect.stringMatching(/^ {2}seen .*, offline$/));
      expect(group(stdout, 'Installations')).toHaveLength(1);
    });
  });
});

describe('what apply says to people', () => {
  itWithPwsh('ends with what was done, what stood before and what stands now', async () => {
    await onBench(online(diskOf('rdp-denied'), inPwsh), async (bench) => {
      const outcome = await bench.run({ Recipe: 'rdp-denied', Text: 'yes' });
      expect(answerOf(outcome).outcomes).toHaveLength(1);
      expect(group(outcome.stdout.split('RDP-MEDIC-RESULT')[0] ?? '', 'Done, in this order')).toEqual([
        '  1  registry  written',
        expect.stringMatching(/^ +SYSTEM\\.*\\Control\\Terminal Server\\fDenyTSConnections: 1 -> 0$/),
      ]);
    });
  });
});
