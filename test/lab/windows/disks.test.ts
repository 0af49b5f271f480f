import { fileOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { SYSTEM_HIVE } from '../../../lab/windows/boot/loader.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { RDP_TCP } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { attached, bringUp, freshDisk, LUN, rescue } from './rescue.ts';
import { createBench, diskOf, NOW, refusal, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

describe('a disk attached to a running Windows', () => {
  it('stays offline and read-only where the SAN policy says so', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    expect(attached(vm)).toMatchObject({
      isOffline: true,
      offlineReason: 'Policy',
      isReadOnly: true,
      busType: 'SAS',
    });
    expect(vm.machine().storage.partitions(attached(vm).number)).toEqual([]);
  });

  it('gets letters for its basic volumes once online, none for EFI and recovery', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    const letters = bringUp(vm).map(({ type, letter }) => [type, letter]);
    expect(letters).toEqual([
      ['Recovery', undefined],
      ['System', undefined],
      ['Reserved', undefined],
      ['Basic', 'E'],
    ]);
    expect(vm.machine().files.exists(`E:${SYSTEM_HIVE}`)).toBe(true);
  });

  it('made from the same image collides; online all the same, it no longer boots', async () => {
    const disk = diskOf('tls');
    const vm = await rescue(bench, disk, '2022-datacenter-g2');
    expect(attached(vm)).toMatchObject({ isOffline: true, offlineReason: 'Collision' });
    const before = disk.identity;
    vm.machine().storage.setOnline(attached(vm).number);
    expect(disk.identity).not.toBe(before);

    const broken = await bench.boot('tls', { disk });
    expect(broken.guest.state).toBe('stuck');
    expect(insideOf(broken.guest).failure()?.code).toBe('0xc000000e');
  });

  it('keeps its identity on a rescue VM of another version, and starts again with what was repaired', async () => {
    const disk = diskOf('rdp-security-layer');
    const before = disk.identity;
    const vm = await rescue(bench, disk);
    bringUp(vm);
    const { hives, registry, storage } = vm.machine();
    hives.load('OFFLINE_SYSTEM', `F:${SYSTEM_HIVE}`);
    expect(registry.number('HKLM\\OFFLINE_SYSTEM\\Select', 'Current')).toBe(1);
    registry.set(`HKLM\\OFFLINE_SYSTEM\\ControlSet001\\${RDP_TCP}`, 'SecurityLayer', dword(2));
    hives.collectHandles();
    hives.unload('OFFLINE_SYSTEM');
    storage.setOffline(attached(vm).number);
    vm.guest.detachDisk(LUN);
    expect(vm.machine().storage.disks()).toHaveLength(1);

    expect(disk.identity).toBe(before);
    const repaired = await bench.boot('rdp-security-layer', { disk });
    expect(verdict(await look(repaired.address), NOW)).toBe('healthy');
  });

  it('can be copied: what happens to the copy leaves the original alone', async () => {
    const disk = diskOf('tls');
    const copy = structuredClone(disk);
    const vm = await rescue(bench, copy);
    bringUp(vm);
    vm.machine().files.writeText('E:\\Windows\\Temp\\note.txt', 'seen');
    expect(windowsVolume(copy).files['\\Windows\\Temp\\note.txt']?.text).toBe('seen');
    expect(windowsVolume(disk).files['\\Windows\\Temp\\note.txt']).toBeUndefined();
  });

  it('is not written to while it is read-only', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    vm.machine().storage.setOnline(attached(vm).number);
    const { files, hives } = vm.machine();
    expect(
      refusal(() => {
        files.writeText('E:\\Windows\\Temp\\note.txt', 'seen');
      }),
    ).toBe(19);
    expect(
      refusal(() => {
        hives.load('OFFLINE_SYSTEM', `E:${SYSTEM_HIVE}`);
      }),
    ).toBe(19);
  });

  it('keeps a volume shut that BitLocker has locked', async () => {
    const disk = diskOf('tls');
    windowsVolume(disk).bitLocker = 'locked';
    const vm = await rescue(bench, disk);
    expect(bringUp(vm).at(-1)?.bitLocker).toBe('locked');
    expect(refusal(() => vm.machine().files.list('E:\\Windows'))).toBe(-2144272384);
  });

  it('gives its EFI partition a free letter and takes it back', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    bringUp(vm);
    const { storage, files } = vm.machine();
    const { number } = attached(vm);
    const [letter = ''] = storage.freeLetters();
    storage.assignLetter(number, 2, letter);
    expect(files.exists(`${letter}:\\EFI\\Microsoft\\Boot\\BCD`)).toBe(true);
    expect(storage.freeLetters()).not.toContain(letter);
    storage.removeLetter(number, 2);
    expect(files.exists(`${letter}:\\EFI\\Microsoft\\Boot\\BCD`)).toBe(false);
  });

  it('has no LUN on an NVMe controller', async () => {
    const disks = new Map([[LUN, diskOf('tls')]]);
    const vm = await bench.boot('nvme', {
      disk: freshDisk('2019-datacenter-smalldisk-g2'),
      dataDisks: disks,
      nvme: true,
    });
    expect(
      vm
        .machine()
        .storage.disks()
        .map(({ lun, busType }) => [lun, busType]),
    ).toEqual([
      [undefined, 'NVMe'],
      [undefined, 'NVMe'],
    ]);
  });
});

describe('a loaded hive', () => {
  it('is not unloaded while a handle is open', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    bringUp(vm);
    const { hives, registry } = vm.machine();
    hives.load('OFFLINE_SYSTEM', `E:${SYSTEM_HIVE}`);
    registry.values('HKLM\\OFFLINE_SYSTEM\\Select');
    expect(
      refusal(() => {
        hives.unload('OFFLINE_SYSTEM');
      }),
    ).toBe(5);
    hives.collectHandles();
    hives.unload('OFFLINE_SYSTEM');
    expect(hives.loaded()).toEqual([]);
    expect(registry.exists('HKLM\\OFFLINE_SYSTEM')).toBe(false);
  });

  it('outlives the script that loaded it, whose handles end with it', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    bringUp(vm);
    const { hives, registry } = vm.machine();
    hives.load('OFFLINE_SYSTEM', `E:${SYSTEM_HIVE}`);
    registry.values('HKLM\\OFFLINE_SYSTEM\\Select');
    await vm.guest.runScript({ text: 'exit 1', parameters: {} });
    expect(hives.loaded()).toHaveLength(1);
    hives.unload('OFFLINE_SYSTEM');
    expect(hives.loaded()).toEqual([]);
  });

  it('keeps its disk online and its file in use', async () => {
    const vm = await rescue(bench, diskOf('tls'));
    bringUp(vm);
    const { hives, storage, files } = vm.machine();
    hives.load('OFFLINE_SYSTEM', `E:${SYSTEM_HIVE}`);
    expect(
      refusal(() => {
        storage.setOffline(attached(vm).number);
      }),
    ).toBe(170);
    expect(
      refusal(() => {
        files.copy(`E:${SYSTEM_HIVE}`, 'C:\\Windows\\Temp\\SYSTEM.bak');
      }),
    ).toBe(32);
    expect(
      refusal(() => {
        hives.load('AGAIN', `E:${SYSTEM_HIVE}`);
      }),
    ).toBe(32);
  });

  it('that is still loaded when the disk is pulled is lost, and the disk with it', async () => {
    const disk = diskOf('tls');
    const vm = await rescue(bench, disk);
    bringUp(vm);
    vm.machine().hives.load('OFFLINE_SYSTEM', `E:${SYSTEM_HIVE}`);
    vm.guest.detachDisk(LUN);
    expect(fileOf(disk, SYSTEM_HIVE).damaged).toBe(true);
    const broken = await bench.boot('tls', { disk });
    expect(insideOf(broken.guest).failure()?.code).toBe('0xc0000218');
  });
});
