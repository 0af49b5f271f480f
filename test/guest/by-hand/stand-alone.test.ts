import { explain } from '../../../local/explain/explain.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { judge } from '../../../shared/repair/diagnosis.ts';
import { lookAt } from '../../shared/causes/facts.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { diskOf, LUN, offline, onBench, online, type Bench } from '../apply/support.ts';
import { parses, staysWithin51 } from '../lint/language-rules.ts';
import { parsePowerShell } from '../lint/powershell.ts';

const faultsIn = (facts: Facts): readonly string[] => judge(lookAt(facts)).faults;

function scriptFor(facts: Facts): string {
  const lun = facts.scope === 'offline' ? LUN : undefined;
  return explain(JSON.stringify(facts), { script: true, lun }).output;
}

/** As the portal's box runs it: a text, and no parameters. */
async function paste({ guest }: Bench, text: string): Promise<string> {
  const { stdout, exitCode, stderr } = await guest.runScript({ text, parameters: {} });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

async function factsOf(disk: GuestDisk): Promise<Facts> {
  return onBench(online(disk), (bench) => bench.collect());
}

describe('the script of explain', () => {
  for (const vm of ['rdp-port', 'machine-keys', 'firewall-block-rule'])
    itWithPwsh(`cures a running VM without a parameter: ${vm}`, async () => {
      await onBench(online(diskOf(vm), { engine: 'pwsh' }), async (bench) => {
        const facts = await bench.collect();
        expect(faultsIn(facts)).toEqual([vm]);
        expect(await paste(bench, scriptFor(facts))).toContain('Done, in this order');
        const after = await bench.collect();
        expect(faultsIn(after)).toEqual([]);
        expect(after.handshake.stage).toBe('done');
      });
    });

  itWithPwsh('cures a disk on a rescue VM', async () => {
    await onBench(offline(diskOf('tls'), { engine: 'pwsh' }), async (bench) => {
      await paste(bench, scriptFor(await bench.collect()));
      expect(faultsIn(await bench.collect())).toEqual([]);
    });
  });

  itWithPwsh('changes nothing where Windows is no longer as it was seen', async () => {
    const facts = await factsOf(diskOf('rdp-denied'));
    await onBench(online(diskOf('healthy'), { engine: 'pwsh' }), async (bench) => {
      expect(await paste(bench, scriptFor(facts))).toMatch(/^ {2}1 {2}registry {2}stands$/m);
    });
  });

  itWithPwsh('is taken back by the number that is said beside it', async () => {
    await onBench(online(diskOf('rdp-denied'), { engine: 'pwsh' }), async (bench) => {
      const { output, errors } = explain(JSON.stringify(await bench.collect()), {
        script: true,
        lun: undefined,
      });
      await paste(bench, output);
      const [, nonce = ''] = /-Undo ([0-9a-f]{32})/.exec(errors) ?? [];
      await bench.run({ Undo: nonce });
      expect(faultsIn(await bench.collect())).toEqual(['rdp-denied']);
    });
  });

  it('is a script of Windows PowerShell 5.1', async () => {
    const script = await parsePowerShell('stand-alone', scriptFor(await factsOf(diskOf('rdp-denied'))));
    expect(staysWithin51(script)).toEqual([]);
    expect(parses(script)).toEqual([]);
  });
});
