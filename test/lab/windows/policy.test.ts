import { storeGpos } from '../../../lab/windows/policy.ts';
import { windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { CURRENT, SCHANNEL_SERVER } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, diskOf, NOW, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });
const TLS_1_2 = `${CURRENT}\\${SCHANNEL_SERVER('TLS 1.2')}`;
const GPSVC = `${CURRENT}\\Services\\gpsvc`;

describe('a domain that disables TLS', () => {
  it('is kept out while the policy service is off, and undoes the repair at the next refresh', async () => {
    const vm = await bench.boot('tls-policy');
    const before = vm.machine().registry;
    before.set(TLS_1_2, 'Enabled', dword(1));
    before.set(TLS_1_2, 'DisabledByDefault', dword(0));
    before.set(GPSVC, 'Start', dword(4));
    await vm.restart();
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    const { registry, services, policy } = vm.machine();
    await expect(policy.refresh()).rejects.toMatchObject({ code: 1058 });

    registry.set(GPSVC, 'Start', dword(2));
    await services.start('gpsvc');
    await policy.refresh();
    expect(registry.number(TLS_1_2, 'Enabled')).toBe(0);
    expect(registry.number(TLS_1_2, 'DisabledByDefault')).toBe(1);
    // The listener keeps the credential it has; the next one it cannot open.
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    await vm.restart();
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
  });

  it('names its GPOs; preferences do not show among the policy values', async () => {
    const { policy } = (await bench.boot('tls-policy')).machine();
    expect(policy.appliedGpos().map(({ name }) => name)).toEqual([
      'Default Domain Policy',
      'CORP - Server hardening (SCHANNEL)',
    ]);
    expect(policy.rsop()).toEqual([
      {
        registryKey: 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services',
        valueName: 'UserAuthentication',
        gpoId: '{31B2F340-016D-11D2-945F-00C04FB984F9}',
        precedence: 1,
      },
    ]);
  });

  it('lets the last GPO win, which has precedence 1', async () => {
    const disk = diskOf('healthy');
    const setting = (value: number) => ({
      kind: 'policy' as const,
      hive: 'SOFTWARE' as const,
      key: 'Policies\\Microsoft\\Windows NT\\Terminal Services',
      name: 'fDenyTSConnections',
      value: dword(value),
    });
    storeGpos(windowsVolume(disk), [
      { id: '{A}', name: 'first', settings: [setting(0)] },
      { id: '{B}', name: 'last', settings: [setting(1)] },
    ]);
    const vm = await bench.boot('healthy', { disk });
    expect((await look(vm.address)).end).toBe('refused');
    expect(
      vm
        .machine()
        .policy.rsop()
        .map(({ gpoId, precedence }) => [gpoId, precedence]),
    ).toEqual([
      ['{B}', 1],
      ['{A}', 2],
    ]);
  });

  it('has nothing to say in a workgroup', async () => {
    const { policy, info } = (await bench.boot('healthy')).machine();
    await policy.refresh();
    expect(policy.appliedGpos()).toEqual([]);
    expect(info.domain).toBeUndefined();
  });
});
