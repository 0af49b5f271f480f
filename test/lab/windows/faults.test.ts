import { SERVER_2012_R2, SERVER_2016 } from '../../../lab/fleet/disk/options.ts';
import {
  bindUnreadableCertificate,
  expired,
  giveCertificate,
} from '../../../lab/fleet/faults/certificate.ts';
import type { Fault } from '../../../lab/fleet/faults/fault.ts';
import { blockPort, limitRdpRule } from '../../../lab/fleet/faults/firewall.ts';
import {
  installSoftwareByPolicy,
  loseDomainController,
  refreshesSlowly,
} from '../../../lab/fleet/faults/group-policy.ts';
import {
  breakWmi,
  endLicensing,
  holdHives,
  removeProgram,
  setClockOff,
} from '../../../lab/fleet/faults/machine.ts';
import { loseKey } from '../../../lab/fleet/faults/machine-keys.ts';
import { disableService } from '../../../lab/fleet/faults/services.ts';
import {
  allowOnlyEcdsa,
  allowOnlyEcdsaByPolicy,
  disableTlsByPolicy,
  switchOffAlgorithms,
} from '../../../lab/fleet/faults/tls.ts';
import {
  addOlderWindows,
  lockVolume,
  makeDynamic,
  removeBitLocker,
  sealVolume,
} from '../../../lab/fleet/faults/volumes.ts';
import { windowsVm } from '../../../lab/fleet/windows-vm.ts';
import { setInSystem } from '../../../lab/fleet/disk/edit.ts';
import { SYSTEM_HIVE } from '../../../lab/windows/boot/loader.ts';
import { ScriptStuck } from '../../../lab/windows/machine/errors.ts';
import { CURRENT, RDP_TCP, SCHANNEL_SERVER, TERMINAL_SERVER } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { attached, bringUp, freshDisk, LUN } from './rescue.ts';
import { createBench, diskOf, NOW, refusal, type Bench, type BenchVm } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });
const port =
  (number: number): Fault =>
  (disk) => {
    setInSystem(disk, RDP_TCP, 'PortNumber', dword(number));
  };

describe('what a client of RDP meets', () => {
  const cases: [what: string, faults: Fault[], seen: string][] = [
    [
      'a bound certificate whose key NETWORK SERVICE may not read',
      [bindUnreadableCertificate(NOW)],
      'tls-cut',
    ],
    ['suites for ECDSA certificates alone, by policy', [allowOnlyEcdsaByPolicy], 'tls-cut'],
    ['suites for ECDSA certificates alone, in the local list', [allowOnlyEcdsa], 'tls-cut'],
    ['every hash of today off', [switchOffAlgorithms('Hashes', 'SHA256', 'SHA384')], 'tls-cut'],
    ['one hash of today off', [switchOffAlgorithms('Hashes', 'SHA384')], 'healthy'],
    [
      'every key exchange off',
      [switchOffAlgorithms('KeyExchangeAlgorithms', 'ECDH', 'PKCS', 'Diffie-Hellman')],
      'tls-cut',
    ],
    ['no CNG Key Isolation', [disableService('KeyIso')], 'tls-cut'],
    ['no Cryptographic Services, while the certificate is good', [disableService('CryptSvc')], 'healthy'],
    ['another rule that blocks the port', [blockPort(3389)], 'silent'],
    ['a rule that blocks another port', [blockPort(3390)], 'healthy'],
    ['a rule for domain networks only', [limitRdpRule({ profile: 'Domain' })], 'silent'],
    ['a rule for an office that is elsewhere', [limitRdpRule({ remote: '10.20.0.0/255.255.0.0' })], 'silent'],
    ['a rule for neighbours only', [limitRdpRule({ remote: 'LocalSubnet' })], 'silent'],
    ['a rule for the very addresses of administrators', [limitRdpRule({ remote: '0.0.0.0/0' })], 'healthy'],
    ['a port that is none', [port(70_000)], 'refused'],
    ['a port of zero', [port(0)], 'refused'],
    ['a licensing period that has ended', [endLicensing], 'healthy'],
    ['a clock that is years off', [setClockOff(-3 * 365 * 86_400)], 'healthy'],
  ];
  it.each(cases)('%s', async (_what, faults, seen) => {
    const vm = await bench.bootFaulty(...faults);
    expect(verdict(await look(vm.address), NOW)).toBe(seen);
  });

  it('nothing while TSEnabled is 0, and nothing before a restart of TermService when it is 1 again', async () => {
    const vm = await bench.bootFaulty((disk) => setInSystem(disk, TERMINAL_SERVER, 'TSEnabled', dword(0)));
    expect(await look(vm.address)).toEqual({ end: 'refused' });
    const { registry, services } = vm.machine();
    registry.set(`${CURRENT}\\${TERMINAL_SERVER}`, 'TSEnabled', dword(1));
    expect(await look(vm.address)).toEqual({ end: 'refused' });
    await services.restart('TermService', { force: true });
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it('no key of RDP any more, until its certificate is deleted', async () => {
    const vm = await bench.bootFaulty(loseKey);
    const { certificates, services } = vm.machine();
    await services.restart('SessionEnv');
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
    certificates.remove('Remote Desktop', certificates.list('Remote Desktop')[0]?.thumbprint ?? '');
    await services.restart('SessionEnv');
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it.each(['KeyIso', 'CryptSvc', 'CertPropSvc'])(
    'no new certificate while %s is disabled',
    async (service) => {
      const vm = await bench.bootFaulty(
        (disk) => giveCertificate(disk, expired(NOW)),
        disableService(service),
      );
      const { certificates, services, events } = vm.machine();
      certificates.remove('Remote Desktop', certificates.list('Remote Desktop')[0]?.thumbprint ?? '');
      await services.restart('SessionEnv');
      expect(certificates.list('Remote Desktop')).toEqual([]);
      expect(events.query({ log: 'System' }).map(({ id }) => id)).toContain(1057);
    },
  );
});

describe('a refresh of Group Policy', () => {
  it('ends with an error where no domain controller answers, and Group Policy works', async () => {
    const { policy, services } = (await bench.bootFaulty(disableTlsByPolicy, loseDomainController)).machine();
    await expect(policy.refresh()).rejects.toMatchObject({ code: 1355 });
    expect(services.get('gpsvc')?.state).toBe('Running');
  });

  it('waits for an answer where a policy installs software', async () => {
    const { policy } = (await bench.bootFaulty(installSoftwareByPolicy)).machine();
    await policy.refresh({ answer: 'n' });
    await expect(policy.refresh()).rejects.toThrow(ScriptStuck);
  });

  it('may take its time', async () => {
    const { policy, now } = (await bench.bootFaulty(refreshesSlowly(180))).machine();
    const begun = now();
    await policy.refresh();
    expect(now() - begun).toBe(180_000);
  });
});

describe('a disk on another machine', () => {
  async function attach(fault: Fault, rescueFault?: Fault): Promise<BenchVm> {
    const [disk, own] = [diskOf('healthy'), freshDisk('2019-datacenter-smalldisk-g2')];
    fault(disk);
    rescueFault?.(own);
    const vm = await bench.boot('rescue', { disk: own });
    vm.guest.attachDisk(LUN, disk);
    return vm;
  }

  it('that is locked says so where BitLocker is installed', async () => {
    const vm = await attach(lockVolume);
    const [volume] = bringUp(vm).filter(({ bitLocker }) => bitLocker === 'locked');
    expect(refusal(() => vm.machine().files.exists(`${volume?.letter ?? ''}:${SYSTEM_HIVE}`))).toBe(
      -2144272384,
    );
  });

  it('that is locked looks unformatted where BitLocker is not installed', async () => {
    const vm = await attach(lockVolume, removeBitLocker);
    const raw = bringUp(vm).filter(({ fileSystem }) => fileSystem === 'RAW');
    expect(raw).toMatchObject([{ bitLocker: 'unknown', type: 'Basic' }]);
    const path = `${raw[0]?.letter ?? ''}:${SYSTEM_HIVE}`;
    expect(vm.machine().files.exists(path)).toBe(false);
    expect(refusal(() => vm.machine().files.list(path.slice(0, 3)))).toBe(1005);
  });

  it('that its own TPM opens is locked elsewhere', async () => {
    const vm = await attach(sealVolume);
    expect(bringUp(vm).map(({ bitLocker }) => bitLocker)).toContain('locked');
    const own = await bench.bootFaulty(sealVolume);
    expect(verdict(await look(own.address), NOW)).toBe('healthy');
  });

  it('whose hives a scanner reads gives them back only when it has done', async () => {
    const vm = await attach(() => undefined, holdHives(20));
    const letter = bringUp(vm).find(({ type }) => type === 'Basic')?.letter ?? '';
    const { hives, sleep } = vm.machine();
    hives.load('OTHER', `${letter}:${SYSTEM_HIVE}`);
    await sleep(19);
    expect(refusal(() => hives.unload('OTHER'))).toBe(5);
    await sleep(1);
    hives.unload('OTHER');
  });

  it('that is dynamic is foreign: its volumes get no letter', async () => {
    const vm = await attach(makeDynamic);
    const foreign = bringUp(vm).filter(({ type }) => type === 'LDM Data');
    expect(foreign).toMatchObject([{ letter: undefined, fileSystem: 'RAW' }]);
    const { number } = attached(vm);
    expect(refusal(() => vm.machine().storage.assignLetter(number, foreign[0]?.number ?? 0, 'X'))).toBe(87);
  });

  it('may hold two Windows, of which its boot configuration names one', async () => {
    const vm = await attach(addOlderWindows);
    const { files } = vm.machine();
    const letters = bringUp(vm).flatMap(({ letter }) => letter ?? []);
    expect(letters.filter((letter) => files.exists(`${letter}:${SYSTEM_HIVE}`))).toHaveLength(2);
    const { address } = await bench.bootFaulty(addOlderWindows);
    expect(verdict(await look(address), NOW)).toBe('healthy');
  });
});

describe('a release of Windows', () => {
  const machineOf = async (release: typeof SERVER_2016, ...faults: Fault[]) => {
    const { osDisk } = windowsVm({ name: 'older', generation: 'V2', now: NOW, release, faults });
    return (await bench.boot('older', { disk: osDisk })).machine();
  };

  it('2016 has a .NET that offers TLS 1.0 where no protocol is named', async () => {
    const off: Fault = (disk) => {
      setInSystem(disk, SCHANNEL_SERVER('TLS 1.0'), 'Enabled', { type: 'REG_DWORD', value: 0 });
    };
    const { network, info } = await machineOf(SERVER_2016, off);
    expect(info).toMatchObject({ build: 14_393, powerShellVersion: '5.1' });
    expect(await network.handshake(3389)).toMatchObject({ ok: true, tlsVersion: 'TLSv1.2' });
    expect(await network.handshake(3389, { names: false })).toMatchObject({ ok: false, stage: 'tls' });
    const open = await machineOf(SERVER_2016);
    expect(await open.network.handshake(3389, { names: false })).toMatchObject({ ok: true });
  });

  it('2012 R2 has PowerShell 4', async () => {
    const { info } = await machineOf(SERVER_2012_R2);
    expect(info).toMatchObject({ osVersion: '6.3.9600', powerShellVersion: '4.0' });
  });
});

describe('a machine with something missing', () => {
  it('says so: WMI, a program, a licence', async () => {
    const { info, network, events } = (
      await bench.bootFaulty(breakWmi, removeProgram('netsh.exe'), endLicensing)
    ).machine();
    expect(info).toMatchObject({ wmiWorks: false, licensingGraceDays: 0 });
    expect(info.hasProgram('NETSH.EXE')).toBe(false);
    expect(refusal(() => network.excludedPortRanges())).toBe(2);
    expect(events.query({ log: 'System', ids: [1128] })).toHaveLength(1);
    const well = (await bench.bootFaulty()).machine();
    expect(well.info).toMatchObject({ wmiWorks: true, licensingGraceDays: undefined });
    expect(well.info.hasProgram('netsh.exe')).toBe(true);
  });
});
