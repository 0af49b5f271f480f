import { disableTls, disableTlsByPolicy } from '../../../lab/fleet/faults/tls.ts';
import { storeGpos } from '../../../lab/windows/policy.ts';
import { windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { WindowsError } from '../../../lab/windows/machine/errors.ts';
import { groupPolicyModel } from '../../../lab/windows/scripts/online/group-policy.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { faultsOf, onVm, type Vm } from './support/vm.ts';

const PROTOCOLS = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols';
const GPSVC = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\gpsvc';

function serverValues(vm: Vm, version: string): (number | undefined)[] {
  const key = `${PROTOCOLS}\\TLS ${version}\\Server`;
  return ['Enabled', 'DisabledByDefault'].map((name) => vm.machine().registry.number(key, name));
}

describe('TLS', () => {
  it('is switched on from 1.2 up, and the old versions stay off', async () => {
    await onVm('tls', {}, async (vm) => {
      const { restart } = await vm.run('online/tls');
      expect(restart).toBe('vm');
      expect(serverValues(vm, '1.2')).toEqual([1, 0]);
      expect(serverValues(vm, '1.3')).toEqual([1, 0]);
      expect(serverValues(vm, '1.0')).toEqual([0, 1]);
      expect(serverValues(vm, '1.1')).toEqual([0, 1]);
    });
  });

  it('is switched on from 1.0 up when the old versions are asked for', async () => {
    await onVm('tls', {}, async (vm) => {
      await vm.run('online/tls', { LegacyTls: 'yes' });
      expect(serverValues(vm, '1.0')).toEqual([1, 0]);
      expect(serverValues(vm, '1.1')).toEqual([1, 0]);
    });
  });

  it('never gets 1.3 on a Windows that has none', async () => {
    await onVm('peer', { faults: [disableTls] }, async (vm) => {
      const before = serverValues(vm, '1.3');
      await vm.run('online/tls');
      expect(serverValues(vm, '1.2')).toEqual([1, 0]);
      expect(serverValues(vm, '1.3')).toEqual(before);
    });
  });

  it('keeps its repair through a restart, because policies wait', async () => {
    await onVm('tls-policy', {}, async (vm) => {
      await vm.run('online/tls');
      expect(vm.machine().registry.number(GPSVC, 'Start')).toBe(4);
      await vm.restart();
      expect(serverValues(vm, '1.2')).toEqual([1, 0]);
      expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true });
    });
  });
});

describe('Group Policy after a repair of TLS', () => {
  async function repairTls(vm: Vm): Promise<void> {
    await vm.run('online/tls');
    await vm.restart();
  }

  it('is automatic and running again', async () => {
    await onVm('tls', {}, async (vm) => {
      await repairTls(vm);
      const { ok, changed, remaining, actions } = await vm.run('online/group-policy');
      expect({ ok, changed, remaining }).toEqual({ ok: true, changed: true, remaining: [] });
      expect(actions.map(({ target, after }) => [target, after])).toEqual([
        ['HKLM:\\SYSTEM\\CurrentControlSet\\Services\\gpsvc\\Start', '2'],
        ['gpsvc', 'Running'],
      ]);
      expect(await vm.run('online/group-policy')).toMatchObject({ changed: false, remaining: [] });
    });
  });

  it('that switches TLS off again is named, although preferences show in no resultant set', async () => {
    await onVm('tls-policy', {}, async (vm) => {
      await repairTls(vm);
      const { remaining } = await vm.run('online/group-policy');
      const byPolicy = remaining.find(({ code }) => code === 'TlsSetByPolicy');
      expect(byPolicy).toMatchObject({ cause: 'tls', data: { certain: false } });
      expect(byPolicy?.data['gpo']).toContain('CORP - Server hardening (SCHANNEL)');
    });
  });

  it('is named alone when it is a true policy value', async () => {
    const byPolicy = (disk: GuestDisk): void => {
      disableTlsByPolicy(disk);
      const key = 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server';
      storeGpos(windowsVolume(disk), [
        { id: '{00000000-0000-4000-8000-000000000001}', name: 'Other', settings: [] },
        {
          id: '{00000000-0000-4000-8000-000000000002}',
          name: 'No TLS',
          settings: [
            { kind: 'policy', hive: 'SYSTEM', key, name: 'Enabled', value: { type: 'REG_DWORD', value: 0 } },
          ],
        },
      ]);
    };
    await onVm('healthy', { faults: [byPolicy] }, async (vm) => {
      await repairTls(vm);
      const { remaining } = await vm.run('online/group-policy');
      expect(remaining.find(({ code }) => code === 'TlsSetByPolicy')?.data).toEqual({
        gpo: 'No TLS',
        certain: true,
      });
    });
  });

  it('asks for another restart where Windows still remembers it as disabled', async () => {
    await onVm('tls', {}, async (vm) => {
      await repairTls(vm);
      const machine = vm.machine();
      const refuse = () => Promise.reject(new WindowsError(1058, 'service gpsvc is disabled'));
      const services = { ...machine.services, start: refuse };
      const { ok, restart, remaining } = await groupPolicyModel({ ...machine, services }, {});
      expect({ ok, restart }).toEqual({ ok: true, restart: 'vm' });
      expect(faultsOf(remaining)).toEqual(['GroupPolicyNeedsRestart']);

      await vm.restart();
      expect(await vm.run('online/group-policy')).toMatchObject({ ok: true, restart: 'none', remaining: [] });
    });
  });

  it('waits for its script while it is off: diagnosis tells it as no fault of RDP', async () => {
    await onVm('tls', {}, async (vm) => {
      await repairTls(vm);
      const { findings } = await vm.run('online/diagnose');
      expect(faultsOf(findings)).toEqual([]);
      expect(findings).toContainEqual(expect.objectContaining({ code: 'GroupPolicyServiceDisabled' }));
    });
  });
});
