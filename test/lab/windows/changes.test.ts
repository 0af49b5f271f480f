import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { Change } from '../../../lab/windows/machine.ts';
import { ScriptKilled } from '../../../lab/windows/machine/errors.ts';
import { CURRENT, RDP_TCP } from './keys.ts';
import { look } from './rdp-client.ts';
import { createBench, diskOf, type Bench, type BenchVm } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

/** Three changes, and a `finally` that would tidy up. */
async function work(vm: BenchVm): Promise<void> {
  const { registry, services, files } = vm.machine();
  try {
    files.writeText('C:\\Windows\\Temp\\working.txt', '');
    registry.set(`${CURRENT}\\${RDP_TCP}`, 'PortNumber', dword(3390));
    await services.restart('TermService', { force: true });
  } finally {
    if (files.exists('C:\\Windows\\Temp\\working.txt')) files.remove('C:\\Windows\\Temp\\working.txt');
  }
}

describe('the hook in front of every change', () => {
  it('sees each one, and none where a script only looks', async () => {
    const vm = await bench.boot('healthy');
    const seen: Change[] = [];
    const off = vm.machine().onChange((change) => seen.push(change));
    const { registry, services, certificates, network, events, policy, files, storage, boot } = vm.machine();
    registry.values(`${CURRENT}\\${RDP_TCP}`);
    services.list();
    certificates.list('Remote Desktop');
    network.listeners();
    await network.handshake(3389);
    events.query({ log: 'Security' });
    policy.rsop();
    files.acl('C:\\ProgramData');
    storage.disks();
    boot.objects();
    expect(seen).toEqual([]);

    await work(vm);
    expect(seen.map(({ what }) => what)).toEqual([
      'file.write',
      'registry.set',
      'service.stop',
      'service.start',
      'service.start',
      'file.remove',
    ]);
    off();
    registry.set(`${CURRENT}\\${RDP_TCP}`, 'PortNumber', dword(3389));
    expect(seen).toHaveLength(6);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'kills a script before change %i, and nothing of it happens any more',
    async (fatal) => {
      const untouched = await bench.boot('healthy');
      const vm = await bench.boot('healthy');
      let count = 0;
      vm.machine().onChange(() => {
        if (++count === fatal) throw new ScriptKilled();
      });
      await expect(work(vm)).rejects.toThrow(ScriptKilled);

      const { registry, files, services } = vm.machine();
      expect(files.exists('C:\\Windows\\Temp\\working.txt')).toBe(fatal > 1);
      expect(registry.number(`${CURRENT}\\${RDP_TCP}`, 'PortNumber')).toBe(fatal > 2 ? 3390 : 3389);
      expect(services.get('TermService')?.state).toBe(fatal === 4 ? 'Stopped' : 'Running');
      if (fatal === 1) expect(comparableDisk(vm.disk)).toEqual(comparableDisk(untouched.disk));
      expect((await look(vm.address)).end).toBe(fatal > 3 ? 'refused' : 'tls');
    },
  );

  it('lets the machine work again after a restart', async () => {
    const vm = await bench.boot('healthy');
    const off = vm.machine().onChange(() => {
      throw new ScriptKilled();
    });
    await expect(work(vm)).rejects.toThrow(ScriptKilled);
    off();
    await expect(work(vm)).rejects.toThrow(ScriptKilled);
    await vm.restart();
    await work(vm);
    expect((await look(vm.address, { port: 3390 })).end).not.toBe('refused');
  });
});

describe('a comparable disk', () => {
  it('is the same for two boots that did the same, whatever keys and thumbprints they made', async () => {
    const one = await bench.boot('rdp-certificate');
    const other = await bench.boot('rdp-certificate');
    for (const vm of [one, other]) {
      const { certificates, services } = vm.machine();
      certificates.remove('Remote Desktop', certificates.list('Remote Desktop')[0]?.thumbprint ?? '');
      await services.restart('SessionEnv');
    }
    expect(one.disk).not.toEqual(other.disk);
    expect(comparableDisk(one.disk)).toEqual(comparableDisk(other.disk));
    expect(comparableDisk(one.disk)).not.toEqual(comparableDisk(diskOf('rdp-certificate')));
  });
});

describe('a script sent to a guest', () => {
  const run = (text: string) => ({ text, parameters: {} });

  it('that the lab has no twin of fails, and says so', async () => {
    const { guest } = await bench.boot('healthy');
    const outcome = await guest.runScript(run('# rdp-medic-script: no-such\nGet-Process'));
    expect(outcome).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('no-such'),
    });
    expect(await guest.runScript(run('Get-Process'))).toMatchObject({ exitCode: 1 });
  });

  it('does not arrive where the agent is not ready', async () => {
    const { guest } = await bench.boot('tls-agent-not-ready');
    expect(await guest.runScript(run('# rdp-medic-script: collect'))).toMatchObject({
      exitCode: 1,
      seconds: 0,
    });
  });

  it('as another account needs that account and its password', async () => {
    const { guest } = await bench.boot('healthy');
    const outcome = await guest.runScript({
      ...run('# rdp-medic-script: online/no-such'),
      runAs: { user: 'azureadmin', password: 'wrong' },
    });
    expect(outcome.stderr).toContain('password');
  });
});
