import { systemHiveOf } from '../../../lab/fleet/disk/edit.ts';
import { SYSTEM_HIVE } from '../../../lab/windows/boot/loader.ts';
import { attached, bringUp, rescue } from './rescue.ts';
import { createBench, diskOf, refusal, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

describe('boot configuration', () => {
  it.each([
    ['tls', 2, '\\EFI\\Microsoft\\Boot\\BCD'],
    ['rdp-firewall', 1, '\\Boot\\BCD'],
  ])(
    "of %s can be changed on another machine, and shows the guest's own letter",
    async (name, partition, path) => {
      const disk = diskOf(name);
      const vm = await rescue(bench, disk);
      bringUp(vm);
      const { storage, boot } = vm.machine();
      const { number } = attached(vm);
      const existing = storage.partitions(number).find((one) => one.number === partition)?.letter;
      const letter = existing ?? 'S';
      if (existing === undefined) storage.assignLetter(number, partition, letter);
      const store = `${letter}:${path}`;

      const loader = boot.objects(store)['{bootmgr}']?.['default'] ?? '';
      expect(boot.objects(store)[loader]?.['osdevice']).toBe('partition=C:');
      boot.setElement(loader, 'ems', 'Yes', store);
      boot.setElement('{emssettings}', 'emsport', '1', store);
      expect(boot.objects(store)[loader]?.['ems']).toBe('Yes');
      expect(boot.objects()[loader]).toBeUndefined();
      const repaired = await bench.boot(name, { disk });
      expect(repaired.guest.state).toBe('running');
    },
  );

  it('knows no loader that is not in the store', async () => {
    const { boot } = (await bench.boot('healthy')).machine();
    expect(
      refusal(() => {
        boot.setElement('{11111111-2222-4333-8444-555555555555}', 'ems', 'Yes');
      }),
    ).toBe(2);
  });

  it("can be exported and imported for the machine's own store only", async () => {
    const vm = await bench.boot('healthy');
    const { boot } = vm.machine();
    boot.exportOwn('C:\\Windows\\Temp\\bcd.bak');
    boot.setElement('{bootmgr}', 'timeout', '5');
    boot.importOwn('C:\\Windows\\Temp\\bcd.bak');
    expect(boot.objects()['{bootmgr}']?.['timeout']).toBe('30');
  });
});

describe('own hives', () => {
  it('follow CurrentControlSet and cannot be loaded twice or copied', async () => {
    const vm = await bench.boot('tls-agent-not-ready');
    const { registry, hives, files } = vm.machine();
    registry.set('HKLM\\SYSTEM\\CurrentControlSet\\Control\\Test', 'Seen', dword(1));
    expect(systemHiveOf(vm.disk)['ControlSet002\\Control\\Test']).toEqual({ Seen: dword(1) });
    expect(registry.subkeys('HKLM\\SYSTEM')).toEqual(
      expect.arrayContaining(['Select', 'ControlSet001', 'ControlSet002', 'CurrentControlSet']),
    );
    expect(
      refusal(() => {
        hives.load('OWN', `C:${SYSTEM_HIVE}`);
      }),
    ).toBe(32);
    expect(
      refusal(() => {
        files.copy(`C:${SYSTEM_HIVE}`, 'C:\\Windows\\Temp\\SYSTEM');
      }),
    ).toBe(32);
  });

  it('have neither case in keys nor in names', async () => {
    const { registry } = (await bench.boot('healthy')).machine();
    const key = 'hklm\\system\\currentcontrolset\\control\\terminal server\\winstations\\rdp-tcp';
    expect(registry.number(key, 'PORTNUMBER')).toBe(3389);
    registry.set(key, 'portnumber', dword(3390));
    expect(registry.values(key)).toMatchObject({ PortNumber: dword(3390) });
  });
});
