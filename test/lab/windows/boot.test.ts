import { currentControlSet, fileOf, setInSystem, systemHiveOf } from '../../../lab/fleet/disk/edit.ts';
import { excludePort } from '../../../lab/fleet/faults/port.ts';
import { SOFTWARE_HIVE, SYSTEM_HIVE } from '../../../lab/windows/boot/loader.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { CURRENT, RDP_TCP, TERMINAL_SERVER } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, diskOf, NOW, type Bench, refusal } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

describe('starting Windows', () => {
  it('takes 35 seconds to RDP and 60 to an agent that is ready', async () => {
    const vm = await bench.boot('healthy', { off: true });
    await vm.guest.powerOn();
    const states: string[] = [];
    const note = (seconds: number): void => {
      bench.clock.setTimer(NOW + seconds * 1_000, () => {
        states.push(`${String(seconds)} ${vm.guest.state}, ${vm.guest.agent}`);
      });
    };
    [34, 36, 59, 61].forEach(note);
    await bench.clock.idle();
    expect(states).toEqual([
      '34 booting, Not Ready',
      '36 running, Not Ready',
      '59 running, Not Ready',
      '61 running, Ready',
    ]);
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it('closes its port with the power, and never boots when the power goes first', async () => {
    const vm = await bench.boot('healthy');
    await vm.guest.powerOff();
    expect((await look(vm.address)).end).toBe('refused');
    await vm.guest.powerOn();
    await vm.guest.powerOff();
    await bench.clock.idle();
    expect(vm.guest.state).toBe('off');
    expect(vm.guest.agent).toBe('Unknown');
  });

  it('reads the control set that Select names, not the first one', async () => {
    const disk = diskOf('healthy');
    const hive = systemHiveOf(disk);
    for (const [key, values] of Object.entries(hive)) {
      if (key.startsWith('ControlSet001'))
        hive[key.replace('ControlSet001', 'ControlSet003')] = structuredClone(values);
    }
    hive[`ControlSet001\\${TERMINAL_SERVER}`] = { fDenyTSConnections: dword(1) };
    hive['Select'] = { Current: dword(3), Default: dword(3), Failed: dword(0), LastKnownGood: dword(1) };
    const vm = await bench.boot('healthy', { disk });
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    expect(vm.machine().registry.number(`${CURRENT}\\${TERMINAL_SERVER}`, 'fDenyTSConnections')).toBe(0);
  });
});

describe('a disk that does not start', () => {
  const cases: [name: string, code: string, spoil: (disk: GuestDisk) => void][] = [
    [
      'its identity was rewritten',
      '0xc000000e',
      (disk) => (disk.identity = '{00000000-0000-4000-8000-00000000beef}'),
    ],
    [
      'its boot configuration is gone',
      '0xc000000f',
      (disk) => {
        for (const partition of disk.partitions) delete partition.files['\\EFI\\Microsoft\\Boot\\BCD'];
      },
    ],
    [
      'its volume is locked',
      '0xc000000e',
      (disk) => {
        for (const partition of disk.partitions)
          if (partition.kind === 'windows') partition.bitLocker = 'locked';
      },
    ],
    ['its SYSTEM hive is damaged', '0xc0000218', (disk) => (fileOf(disk, SYSTEM_HIVE).damaged = true)],
    ['its SOFTWARE hive is damaged', '0xc0000218', (disk) => (fileOf(disk, SOFTWARE_HIVE).damaged = true)],
    [
      'its selected control set is not there',
      '0x7b',
      (disk) => {
        systemHiveOf(disk)['Select'] = { Current: dword(7) };
      },
    ],
  ];

  it.each(cases)('is stuck when %s', async (_name, code, spoil) => {
    const disk = diskOf('healthy');
    spoil(disk);
    const vm = await bench.boot('healthy', { disk });
    expect(vm.guest.state).toBe('stuck');
    expect(vm.guest.agent).toBe('Not Ready');
    expect(insideOf(vm.guest).failure()?.code).toBe(code);
    expect((await look(vm.address)).end).toBe('refused');
  });
});

describe('who gets the RDP port', () => {
  it('is whoever came first, until TermService starts anew', async () => {
    const vm = await bench.boot('rdp-port');
    const { services, network } = vm.machine();
    const owner = (): number | undefined => network.listeners().find(({ port }) => port === 3389)?.pid;
    expect(owner()).toBe(services.get('ContosoWebGateway')?.pid);
    expect(services.get('TermService')?.state).toBe('Running');

    await services.stop('ContosoWebGateway');
    expect(owner()).toBeUndefined();
    await services.restart('TermService', { force: true });
    expect(owner()).toBe(services.get('TermService')?.pid);
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    expect(services.get('UmRdpService')?.state).toBe('Running');
  });

  it('stays with a service that does not accept stop; RDP can move instead', async () => {
    const vm = await bench.boot('rdp-port-stubborn');
    const { services, registry, firewall } = vm.machine();
    await expect(services.stop('ContosoLicense', { force: true })).rejects.toMatchObject({ code: 1052 });
    registry.set(`${CURRENT}\\${RDP_TCP}`, 'PortNumber', dword(3390));
    firewall.set('RemoteDesktop-UserMode-In-TCP', { localPort: '3390' });
    expect((await look(vm.address, { port: 3390 })).end).toBe('refused');
    await services.restart('TermService', { force: true });
    expect(verdict(await look(vm.address, { port: 3390 }), NOW)).toBe('healthy');
    // The firewall rule moved with it.
    expect((await look(vm.address)).end).toBe('silent');
  });

  it('is nobody while the port lies in an excluded range', async () => {
    const disk = diskOf('healthy');
    excludePort(disk);
    const vm = await bench.boot('healthy', { disk });
    const { network } = vm.machine();
    expect(network.excludedPortRanges()).toEqual([{ start: 3380, end: 3400 }]);
    expect(network.isPortFree(3389)).toBe(false);
    expect((await look(vm.address)).end).toBe('refused');
  });

  it("is nobody without the listener's key", async () => {
    const vm = await bench.boot('healthy');
    const { registry, services } = vm.machine();
    const settings = registry.values(`${CURRENT}\\${RDP_TCP}`) ?? {};
    registry.deleteKey(`${CURRENT}\\${RDP_TCP}`);
    expect(await look(vm.address)).toEqual({ end: 'refused' });
    for (const [name, value] of Object.entries(settings)) registry.set(`${CURRENT}\\${RDP_TCP}`, name, value);
    await services.restart('TermService', { force: true });
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it('follows the deny flag at once, without a restart of the service', async () => {
    const vm = await bench.boot('rdp-denied');
    const { registry, network } = vm.machine();
    registry.set(`${CURRENT}\\${TERMINAL_SERVER}`, 'fDenyTSConnections', dword(0));
    expect(await network.handshake(3389)).toMatchObject({ ok: true, stage: 'done' });
  });
});

describe('starting services', () => {
  const cases: [why: string, code: number, spoil: (disk: GuestDisk) => void][] = [
    [
      'it is disabled',
      1058,
      (disk) => {
        setInSystem(disk, 'Services\\SessionEnv', 'Start', dword(4));
      },
    ],
    [
      'what it needs is disabled',
      1068,
      (disk) => {
        setInSystem(disk, 'Services\\LanmanWorkstation', 'Start', dword(4));
      },
    ],
    [
      'its account was changed',
      1069,
      (disk) => {
        setInSystem(disk, 'Services\\SessionEnv', 'ObjectName', { type: 'REG_SZ', value: '.\\old-admin' });
      },
    ],
  ];

  it.each(cases)('fails when %s', async (_why, code, spoil) => {
    const disk = diskOf('healthy');
    spoil(disk);
    const { services } = (await bench.boot('healthy', { disk })).machine();
    await expect(services.start('SessionEnv')).rejects.toMatchObject({ code });
  });

  it('knows nothing of a service that is not there', async () => {
    const { services } = (await bench.boot('healthy')).machine();
    await expect(services.start('NoSuchService')).rejects.toMatchObject({ code: 1060 });
  });

  it('asks for force when others depend on the service, and refuses protected ones', async () => {
    const { services } = (await bench.boot('healthy')).machine();
    await expect(services.stop('TermService')).rejects.toMatchObject({ code: 1051 });
    await expect(services.stop('WinDefend', { force: true })).rejects.toMatchObject({ code: 5 });
    await services.stop('TermService', { force: true });
    expect(services.get('umrdpservice')?.state).toBe('Stopped');
  });

  it('names services in the language of Windows', async () => {
    const { services, info } = (await bench.boot('term-service')).machine();
    expect(info.culture).toBe('de-DE');
    expect(services.get('TermService')?.displayName).toBe('Remotedesktopdienste');
    expect(info.accountName('S-1-5-20')).toBe('NT-AUTORITÄT\\Netzwerkdienst');
  });

  it('lets the Group Policy service be changed through its key only, and by SYSTEM only', async () => {
    const vm = await bench.boot('healthy');
    const { services, registry } = vm.machine();
    expect(
      refusal(() => {
        services.configure('gpsvc', { startType: 'Disabled' });
      }),
    ).toBe(5);
    registry.set(`${CURRENT}\\Services\\gpsvc`, 'Start', dword(4));
    expect(services.get('gpsvc')?.startType).toBe('Disabled');
    expect(systemHiveOf(vm.disk)[`${currentControlSet(vm.disk)}\\Services\\gpsvc`]?.['Start']).toEqual(
      dword(4),
    );
  });
});
