import { currentControlSet, setInSystem, systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { bindCertificate, expired } from '../../../lab/fleet/faults/certificate.ts';
import { disableTls } from '../../../lab/fleet/faults/tls.ts';
import { dword } from '../../../lab/fleet/disk/registry-values.ts';
import { MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { deleteHiveKey, hiveNumber, hiveSubkeys, setHiveValue } from '../../../lab/windows/hive.ts';
import { comparable } from '../online/support/comparable.ts';
import { itWithPwsh } from '../online/support/pwsh.ts';
import { faultsOf, NOW } from '../online/support/vm.ts';
import { diskOf } from './causes.ts';
import { attachToRescue, LUN, type Rescue } from './rescue.ts';

const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL\\Protocols';

function attachedDisk({ machine }: Rescue) {
  const disk = machine.storage.disks().find(({ lun }) => lun === LUN);
  if (!disk) throw new Error('nothing is attached');
  return disk;
}

function tlsEnabled(disk: GuestDisk, controlSet: string): number | undefined {
  return hiveNumber(systemHiveOf(disk), `${controlSet}\\${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled');
}

/** TLS off in every control set of a VM that has two. */
function withTwoControlSets(): GuestDisk {
  const disk = diskOf('tls-agent-not-ready');
  const hive = systemHiveOf(disk);
  for (const set of ['ControlSet001', 'ControlSet002'])
    setHiveValue(hive, `${set}\\${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled', dword(0));
  return disk;
}

describe('an offline script stops, and says why', () => {
  it('on a disk with the identity of the rescue VM, which it never brings online', async () => {
    const disk = diskOf('tls');
    const before = structuredClone(disk);
    const rescue = await attachToRescue(disk, { identity: disk.identity });
    for (const id of ['offline/diagnose', 'offline/tls', 'offline/serial-console'])
      expect(await rescue.run(id)).toMatchObject({
        ok: false,
        changed: false,
        error: { code: 'DiskIdentityCollision' },
      });
    expect(attachedDisk(rescue)).toMatchObject({ isOffline: true, offlineReason: 'Collision' });
    expect(await rescue.run('offline/release-disk')).toMatchObject({ ok: true, changed: false });
    expect(disk).toEqual(before);
    await rescue.close();
  });

  it('on a volume locked by BitLocker', async () => {
    const disk = diskOf('tls');
    windowsVolume(disk).bitLocker = 'locked';
    const before = structuredClone(disk);
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: false, error: { code: 'BitLockerLocked' } });
    expect(await rescue.run('offline/release-disk')).toMatchObject({ ok: true, changed: true });
    expect(disk).toEqual(before);
    await rescue.close();
  });

  it('on a LUN that nothing is attached at', async () => {
    const rescue = await attachToRescue(diskOf('tls'), { lun: LUN + 1 });
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: false, error: { code: 'DiskNotFound' } });
    await rescue.close();
  });

  it('on an NVMe size, which shows no LUN', async () => {
    const rescue = await attachToRescue(diskOf('tls'), { diskController: 'NVMe' });
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: false, error: { code: 'DiskNotFound' } });
    await rescue.close();
  });

  it('on a disk without Windows', async () => {
    const rescue = await attachToRescue(diskOf('linux'));
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: false, error: { code: 'WindowsNotFound' } });
    await rescue.close();
  });

  it('on a hive that cannot be read', async () => {
    const disk = diskOf('tls');
    const hive = Object.values(windowsVolume(disk).files).find((file) => file.hive === systemHiveOf(disk));
    if (hive) hive.damaged = true;
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: false, error: { code: 'HiveNotLoaded' } });
    expect(rescue.machine.hives.loaded()).toEqual([]);
    await rescue.close();
  });

  it('on a registry whose control sets are gone', async () => {
    const disk = diskOf('tls');
    setHiveValue(systemHiveOf(disk), 'Select', 'Current', dword(7));
    setHiveValue(systemHiveOf(disk), 'Select', 'Default', dword(7));
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/tls')).toMatchObject({
      ok: false,
      error: { code: 'ControlSetMissing' },
    });
    await rescue.close();
  });
});

describe('an offline script works on', () => {
  it('the current control set alone, when it is the default too', async () => {
    const disk = withTwoControlSets();
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: true, remaining: [] });
    expect(tlsEnabled(disk, 'ControlSet002')).toBe(1);
    expect(tlsEnabled(disk, 'ControlSet001')).toBe(0);
    await rescue.close();
  });

  it('the default control set too, when it is another', async () => {
    const disk = withTwoControlSets();
    setHiveValue(systemHiveOf(disk), 'Select', 'Default', dword(1));
    const rescue = await attachToRescue(disk);
    const result = await rescue.run('offline/tls');
    expect(result).toMatchObject({ ok: true, remaining: [] });
    expect(result.findings.map(({ data }) => data['controlSet'])).toContain('ControlSet001');
    expect([tlsEnabled(disk, 'ControlSet001'), tlsEnabled(disk, 'ControlSet002')]).toEqual([1, 1]);
    await rescue.close();
  });

  it('the sets that exist, and makes no stub of one that does not', async () => {
    const disk = diskOf('tls');
    setHiveValue(systemHiveOf(disk), 'Select', 'Default', dword(2));
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: true, remaining: [] });
    expect(hiveSubkeys(systemHiveOf(disk), '')).not.toContain('ControlSet002');
    await rescue.close();
  });

  it('a disk that came read-only and offline, as a SAN policy leaves it', async () => {
    const disk = diskOf('tls');
    const rescue = await attachToRescue(disk);
    const { number } = attachedDisk(rescue);
    rescue.machine.storage.setOffline(number);
    rescue.machine.storage.setReadOnly(number, true);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: true, remaining: [] });
    await rescue.close();
  });

  it('a disk whose hive another run left loaded', async () => {
    const rescue = await attachToRescue(diskOf('tls'));
    const letter = rescue.machine.storage
      .partitions(attachedDisk(rescue).number)
      .find(({ number }) => number === 4)?.letter;
    rescue.machine.hives.load('RdpMedicSystem', `${letter ?? ''}:\\Windows\\System32\\config\\SYSTEM`);
    expect(await rescue.run('offline/tls')).toMatchObject({ ok: true, remaining: [] });
    expect(rescue.machine.hives.loaded()).toEqual([]);
    await rescue.close();
  });

  it('nothing but its own: keys of other software stay as they are', async () => {
    const disk = diskOf('machine-keys');
    const others = (): unknown =>
      Object.entries(windowsVolume(disk).files).filter(
        ([path]) => path.startsWith(`${MACHINE_KEYS}\\`) && !path.includes('f686aace'),
      );
    const before = structuredClone(others());
    const rescue = await attachToRescue(disk);
    expect(await rescue.run('offline/machine-keys')).toMatchObject({ ok: true, remaining: [] });
    expect(others()).toEqual(before);
    await rescue.close();
  });
});

describe('an offline script leaves alone', () => {
  it('drain mode and network level authentication, which are warnings', async () => {
    const disk = diskOf('healthy');
    setInSystem(disk, 'Control\\Terminal Server', 'TSServerDrainMode', dword(1));
    setInSystem(disk, 'Control\\Terminal Server\\WinStations\\RDP-Tcp', 'UserAuthentication', dword(0));
    const before = structuredClone(disk);
    const rescue = await attachToRescue(disk);
    for (const id of ['offline/rdp-denied', 'offline/rdp-security-layer']) {
      const result = await rescue.run(id);
      expect(result.changed).toBe(false);
      expect(result.findings.map(({ severity }) => severity)).toEqual(['warning']);
    }
    expect(disk).toEqual(before);
    await rescue.close();
  });

  it('the binding of a Connection Broker', async () => {
    const disk = diskOf('healthy');
    bindCertificate(disk, expired(NOW));
    setInSystem(disk, 'Services\\Tssdis', 'Start', dword(2));
    const rescue = await attachToRescue(disk);
    const result = await rescue.run('offline/rdp-certificate');
    expect(result).toMatchObject({ ok: true, changed: false });
    expect(result.findings).toMatchObject([{ code: 'BoundCertificateExpired', severity: 'warning' }]);
    await rescue.close();
  });

  it('TLS 1.0 and 1.1, unless they are asked for', async () => {
    const server = `${SCHANNEL}\\TLS 1.0\\Server`;
    const read = (disk: GuestDisk) =>
      hiveNumber(systemHiveOf(disk), `${currentControlSet(disk)}\\${server}`, 'Enabled');
    for (const [LegacyTls, enabled] of [
      ['no', 0],
      ['yes', 1],
    ] as const) {
      const disk = diskOf('healthy');
      disableTls(disk);
      const rescue = await attachToRescue(disk);
      expect(await rescue.run('offline/tls', { LegacyTls })).toMatchObject({ ok: true, remaining: [] });
      expect(read(disk)).toBe(enabled);
      await rescue.close();
    }
  });
});

describe('an offline repair of TLS', () => {
  it.each([
    ['yes', 4, 'disabled'],
    ['no', 2, undefined],
  ] as const)('holds Group Policy back when told so: %s', async (HoldPolicy, start, fact) => {
    const disk = diskOf('tls');
    const rescue = await attachToRescue(disk);
    const result = await rescue.run('offline/tls', { HoldPolicy });
    expect(result).toMatchObject({ ok: true, remaining: [] });
    expect(result.facts['groupPolicyService']).toBe(fact);
    expect(hiveNumber(systemHiveOf(disk), `${currentControlSet(disk)}\\Services\\gpsvc`, 'Start')).toBe(
      start,
    );
    await rescue.close();
  });
});

describe('after an offline script', () => {
  it('its letters are given back, the EFI partition has none', async () => {
    const disk = diskOf('healthy');
    const rescue = await attachToRescue(disk);
    const letters = (): unknown =>
      rescue.machine.storage.partitions(attachedDisk(rescue).number).map(({ letter }) => letter);
    const before = letters();
    await rescue.run('offline/serial-console');
    expect(letters()).toEqual(before);
    await rescue.close();
  });

  it('the hives as they were found lie on the rescue VM, whatever runs after', async () => {
    const disk = diskOf('tls');
    const rescue = await attachToRescue(disk);
    const identity = disk.identity.replace(/[{}]/g, '').toLowerCase();
    const copy = `C:\\ProgramData\\rdp-medic\\${identity}\\SYSTEM`;
    await rescue.run('offline/tls');
    const size = rescue.machine.files.get(copy)?.size;
    expect(size).toBeGreaterThan(0);
    deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\Services\\Tcpip`);
    await rescue.run('offline/tls');
    expect(rescue.machine.files.get(copy)?.size).toBe(size);
    await rescue.close();
  });

  it('a released disk is offline, with nothing of it in use', async () => {
    const rescue = await attachToRescue(diskOf('tls'));
    await rescue.run('offline/tls');
    await rescue.run('offline/release-disk');
    expect(attachedDisk(rescue).isOffline).toBe(true);
    expect(rescue.machine.hives.loaded()).toEqual([]);
    await rescue.close();
  });

  itWithPwsh('PowerShell refuses with the same codes as its model', async () => {
    const locked = diskOf('tls');
    windowsVolume(locked).bitLocker = 'locked';
    const collided = diskOf('tls');
    for (const [disk, identity, code] of [
      [locked, undefined, 'BitLockerLocked'],
      [collided, collided.identity, 'DiskIdentityCollision'],
    ] as const) {
      const before = structuredClone(disk);
      const rescue = await attachToRescue(disk, {
        engine: 'pwsh',
        ...(identity === undefined ? {} : { identity }),
      });
      const result = await rescue.run('offline/tls');
      expect(result).toMatchObject({ ok: false, changed: false, error: { code } });
      expect(faultsOf(result.findings)).toEqual([]);
      expect(comparable(disk)).toEqual(comparable(before));
      await rescue.close();
    }
  });
});
