import { makeAdviceVms, makeCauseVms, makeFleet, makeRefusedVms } from '../../../lab/fleet/index.ts';
import {
  currentControlSet,
  fileOf,
  setInSystem,
  softwareHiveOf,
  systemHiveOf,
  windowsVolume,
} from '../../../lab/fleet/disk/edit.ts';
import { rdpKeyPath } from '../../../lab/fleet/faults/certificate.ts';
import { storeKey, MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import { rdpKeyEntry } from '../../../lab/windows/certificates/renewal.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { changeRule, FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { deleteHiveKey, hiveText } from '../../../lab/windows/hive.ts';
import { RDP_TCP, SCHANNEL_SERVER, TERMINAL_SERVER } from './keys.ts';
import { SID } from '../../../lab/windows/sids.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, NOW, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

/** What the wire says of each VM, and the one change by hand on its disk that mends it. */
const VMS: [name: string, broken: string, mend?: (disk: GuestDisk) => void][] = [
  ['healthy', 'healthy'],
  ['stopped', 'healthy'],
  ['peer', 'healthy'],
  ['rdp-port', 'not-x224', (disk) => setInSystem(disk, 'Services\\ContosoWebGateway', 'Start', dword(4))],
  [
    'rdp-port-stubborn',
    'not-x224',
    (disk) => setInSystem(disk, 'Services\\ContosoLicense', 'Start', dword(4)),
  ],
  ['rdp-denied', 'refused', (disk) => setInSystem(disk, TERMINAL_SERVER, 'fDenyTSConnections', dword(0))],
  ['term-service', 'refused', (disk) => setInSystem(disk, 'Services\\TermService', 'Start', dword(3))],
  ['rdp-firewall', 'silent', openFirewall],
  ['rdp-listener', 'refused', (disk) => setInSystem(disk, RDP_TCP, 'fEnableWinStation', dword(1))],
  ['rdp-security-layer', 'failure 2', (disk) => setInSystem(disk, RDP_TCP, 'SecurityLayer', dword(2))],
  ['rdp-certificate', 'expired', deleteCertificate],
  ['rdp-certificate-peer', 'expired', deleteCertificate],
  ['machine-keys', 'tls-cut', giveKeyBack],
  ['tls', 'tls-cut', enableTls],
  [
    'tls-policy',
    'tls-cut',
    (disk) => {
      enableTls(disk);
      setInSystem(disk, 'Services\\gpsvc', 'Start', dword(4));
    },
  ],
  ['tls-agent-not-ready', 'tls-cut', enableTls],
  [
    'beyond-repair',
    'refused',
    (disk) => {
      delete fileOf(disk, '\\Windows\\System32\\termsrv.dll').damaged;
    },
  ],
];

function openFirewall(disk: GuestDisk): void {
  const rule = 'RemoteDesktop-UserMode-In-TCP';
  const raw = hiveText(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, rule) ?? '';
  setInSystem(disk, FIREWALL_RULES, rule, { type: 'REG_SZ', value: changeRule(raw, { active: true }) });
}

function deleteCertificate(disk: GuestDisk): void {
  deleteHiveKey(softwareHiveOf(disk), storeKey('Remote Desktop'));
}

function giveKeyBack(disk: GuestDisk): void {
  const key = fileOf(disk, rdpKeyPath(disk));
  Object.assign(key, rdpKeyEntry(key.key?.pem ?? ''));
  fileOf(disk, MACHINE_KEYS).acl.push({ sid: SID.system, rights: 'F', type: 'allow' });
}

function enableTls(disk: GuestDisk): void {
  setInSystem(disk, SCHANNEL_SERVER('TLS 1.2'), 'Enabled', dword(1));
  setInSystem(disk, SCHANNEL_SERVER('TLS 1.2'), 'DisabledByDefault', dword(0));
}

describe('the fleet on the wire', () => {
  it.each(VMS)('%s answers: %s', async (name, broken) => {
    const { address, guest } = await bench.boot(name);
    expect(verdict(await look(address), NOW)).toBe(broken);
    expect(guest.agent).toBe(name === 'tls-agent-not-ready' ? 'Not Ready' : 'Ready');
  });

  it.each(VMS.filter(([, , mend]) => mend))(
    '%s is healthy once its disk is mended',
    async (name, broken, mend) => {
      const vm = await bench.boot(name, { off: true });
      mend?.(vm.disk);
      await vm.restart();
      expect(verdict(await look(vm.address), NOW)).not.toBe(broken);
      expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    },
  );

  it.each(VMS.filter(([, , mend]) => mend))('%s is not mended by a restart alone', async (name, broken) => {
    const vm = await bench.boot(name);
    await vm.restart();
    expect(verdict(await look(vm.address), NOW)).toBe(broken);
  });

  it('lets the domain break a mended tls-policy at its very next boot', async () => {
    const vm = await bench.boot('tls-policy', { off: true });
    enableTls(vm.disk);
    await vm.restart();
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
  });

  it('lets nobody but administrators reach open-to-internet, and it answers', async () => {
    let open = true;
    const vm = await bench.boot('open-to-internet', {
      attackers: ['203.0.113.11'],
      lets: (source) => open || source.startsWith('198.51.100.'),
    });
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
    expect(vm.machine().events.query({ log: 'Security', ids: [4625] }).length).toBeGreaterThan(100);
    open = false;
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it('hears nothing from a healthy VM whose NSG does not let it in', async () => {
    const { address } = await bench.boot('healthy', { lets: () => false });
    expect((await look(address)).end).toBe('silent');
  });
});

describe('the fleet as data', () => {
  const fleet = [makeFleet, makeCauseVms, makeAdviceVms].flatMap((make) => make({ now: NOW }));

  it('has a VM for every cause, and every name once', () => {
    const causes = new Set(fleet.map(({ cause }) => cause));
    expect(CAUSES.map(({ id }) => id).filter((cause) => !causes.has(cause))).toEqual([]);
    const names = [...fleet, ...makeRefusedVms({ now: NOW })].map(({ spec }) => spec.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of every broken VM what was done to it, and expects the well ones to be well', () => {
    // Some things at fault leave RDP well: then only a person is told.
    for (const { brokenBy, expected } of makeFleet({ now: NOW })) {
      expect(brokenBy === '').toBe(expected.kind === 'healthy');
    }
  });

  it('mixes generations and languages', () => {
    const windows = fleet.filter(({ spec }) => spec.osType !== 'Linux').map(({ spec }) => spec);
    const styles = new Set(windows.map(({ osDisk }) => osDisk.style));
    const languages = new Set(
      windows.map(({ osDisk }) =>
        hiveText(
          systemHiveOf(osDisk),
          `${currentControlSet(osDisk)}\\Control\\Nls\\Language`,
          'InstallLanguage',
        ),
      ),
    );
    expect([...styles].toSorted()).toEqual(['GPT', 'MBR']);
    expect([...languages].toSorted()).toEqual(['0407', '0409']);
  });

  it("gives disks of one image the image's identity, and each Windows its own machine", () => {
    const [one, other] = fleet
      .filter(({ spec }) => spec.image.sku === '2022-datacenter-g2')
      .map(({ spec }) => spec.osDisk);
    if (!one || !other) throw new Error('the fleet has no two VMs of one image');
    expect(one.identity).toBe(other.identity);
    const guid = (disk: GuestDisk) =>
      hiveText(softwareHiveOf(disk), 'Microsoft\\Cryptography', 'MachineGuid');
    expect(guid(one)).not.toBe(guid(other));
    expect(windowsVolume(one).files).not.toBe(windowsVolume(other).files);
  });
});
