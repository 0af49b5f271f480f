import { rdpKeyPath } from '../../../lab/fleet/faults/certificate.ts';
import { fillDisk } from '../../../lab/fleet/faults/machine.ts';
import {
  denyKeyFromAbove,
  keepKeyFromSystem,
  lockMachineKeys,
  refuseOwnershipOfVault,
  removeMachineKeys,
  spoilKey,
  VAULT_KEY,
} from '../../../lab/fleet/faults/machine-keys.ts';
import {
  malformValue,
  refusePolicyService,
  refuseSoftwareKey,
  refuseSystemKey,
} from '../../../lab/fleet/faults/registry.ts';
import { refuseFirewallChange } from '../../../lab/fleet/faults/refusals.ts';
import { MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import { SID } from '../../../lab/windows/sids.ts';
import { CURRENT, RDP_TCP } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, NOW, refusal, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const FOLDER = `C:${MACHINE_KEYS}`;
const dword = (value: number) => ({ type: 'REG_DWORD' as const, value });

describe('a file that may not be seen', () => {
  it('is an error to Test-Path and Get-Item, and nothing to [IO.File]::Exists', async () => {
    const vm = await bench.bootFaulty(lockMachineKeys);
    const { files } = vm.machine();
    const key = `C:${rdpKeyPath(vm.disk)}`;
    expect(refusal(() => files.testPath(key))).toBe(5);
    expect(refusal(() => files.get(key))).toBe(5);
    expect(files.exists(key)).toBe(false);
    expect(files.peek(key)).toMatchObject({ isDirectory: false });
    // The folder itself stands in one that may be listed, and what is not there is simply not there.
    expect(files.testPath(FOLDER)).toBe(true);
    expect(files.testPath(`${key}-another`)).toBe(false);
  });

  it('is seen by whoever may read it, though the folder cannot be listed', async () => {
    const vm = await bench.bootFaulty(lockMachineKeys);
    const { files } = vm.machine();
    const key = `C:${rdpKeyPath(vm.disk)}`;
    files.takeOwnership(key);
    files.grant(key, SID.administrators, 'R');
    expect(files.testPath(key)).toBe(true);
    expect(refusal(() => files.list(FOLDER))).toBe(5);
  });
});

describe('a descriptor as text', () => {
  it('names well-known accounts by letters and others by SID, and marks what comes from above', async () => {
    const vm = await bench.bootFaulty(keepKeyFromSystem);
    const { files } = vm.machine();
    expect(files.sddl(FOLDER)).toBe('O:SYG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;0x12019f;;;WD)');
    expect(files.sddl(`C:${rdpKeyPath(vm.disk)}`)).toBe('O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FR;;;NS)');
    expect(files.sddl('C:\\Windows\\MEMORY.DMP')).toBe(
      'O:SYG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)',
    );
    files.takeOwnership(`C:${VAULT_KEY}`);
    expect(files.sddl(`C:${VAULT_KEY}`)).toMatch(/^O:BAG:SYD:PAI\(A;;FA;;;S-1-5-80-[0-9-]+\)$/);
  });

  it('set as a whole takes effect at once, and reads the same again', async () => {
    const vm = await bench.bootFaulty();
    const { files } = vm.machine();
    const key = `C:${rdpKeyPath(vm.disk)}`;
    const wanted = 'O:BAG:SYD:PAI(D;;FR;;;WD)(A;;FA;;;SY)(A;;FR;;;NS)';
    files.setSddl(key, wanted);
    expect(files.sddl(key)).toBe(wanted);
    expect(files.canRead(key, SID.networkService)).toBe(false);
    files.setSddl(key, 'D:AI(A;;FR;;;NS)');
    expect(files.sddl(key)).toBe('O:BAG:SYD:AI(A;;FR;;;NS)(A;ID;FA;;;BA)(A;ID;0x12019f;;;WD)');
  });

  it('is refused when it is none, or when the account may not write it', async () => {
    const vm = await bench.bootFaulty(keepKeyFromSystem);
    const { files } = vm.machine();
    expect(refusal(() => files.setSddl(FOLDER, 'everything to everyone'))).toBe(87);
    expect(refusal(() => files.setSddl(`C:${VAULT_KEY}`, 'D:P(A;;FA;;;SY)'))).toBe(5);
    expect(refusal(() => files.sddl(`C:${VAULT_KEY}`))).toBe(5);
  });

  it('may deny from above what no entry of the file itself says', async () => {
    const vm = await bench.bootFaulty(denyKeyFromAbove);
    const { files } = vm.machine();
    const key = `C:${rdpKeyPath(vm.disk)}`;
    expect(files.sddl(FOLDER)).toContain('(D;OICIIO;FR;;;NS)');
    expect(files.sddl(key)).toContain('(D;ID;FR;;;NS)');
    expect(files.canRead(FOLDER, SID.networkService)).toBe(true);
    expect(files.canRead(key, SID.networkService)).toBe(false);
    files.grant(key, SID.networkService, 'R');
    expect(files.canRead(key, SID.networkService)).toBe(true);
  });
});

describe('a registry key with permissions of its own', () => {
  const gpsvc = `${CURRENT}\\Services\\gpsvc`;

  it('may be read by SYSTEM and not be written', async () => {
    const { registry } = (await bench.bootFaulty(refusePolicyService)).machine();
    expect(registry.number(gpsvc, 'Start')).toBe(2);
    expect(refusal(() => registry.set(gpsvc, 'Start', dword(4)))).toBe(5);
    expect(refusal(() => registry.create(`${gpsvc}\\New`))).toBe(5);
    expect(refusal(() => registry.deleteKey(`${CURRENT}\\Services\\gpsvc`))).toBe(5);
    expect(registry.number(gpsvc, 'Start')).toBe(2);
  });

  it('may not even be read, though it is seen to be there', async () => {
    const { registry } = (await bench.bootFaulty(refuseSystemKey(RDP_TCP, 'all'))).machine();
    const key = `${CURRENT}\\${RDP_TCP}`;
    expect(registry.exists(key)).toBe(true);
    expect(refusal(() => registry.values(key))).toBe(5);
    expect(refusal(() => registry.get(key, 'PortNumber'))).toBe(5);
    expect(registry.subkeys(key.slice(0, key.lastIndexOf('\\')))).toContain('RDP-Tcp');
  });
});

describe('a key of SOFTWARE with permissions of its own', () => {
  it('refuses SYSTEM as well', async () => {
    const { registry } = (await bench.bootFaulty(refuseSoftwareKey('Policies\\Microsoft'))).machine();
    const policies = 'HKLM\\SOFTWARE\\Policies\\Microsoft';
    expect(refusal(() => registry.set(`${policies}\\Windows`, 'Anything', dword(1)))).toBe(5);
    expect(refusal(() => registry.deleteKey('HKLM\\SOFTWARE\\Policies'))).toBe(5);
  });
});

describe('a number of the wrong length', () => {
  it('comes as its bytes, and counts as missing to whoever wants a number', async () => {
    const { registry } = (await bench.bootFaulty(malformValue(RDP_TCP, 'MaxIdleTime', 5))).machine();
    const key = `${CURRENT}\\${RDP_TCP}`;
    const malformed = { type: 'malformed', declared: 'REG_DWORD', value: '0101010101' };
    expect(registry.get(key, 'MaxIdleTime')).toEqual(malformed);
    expect(registry.values(key)).toMatchObject({ MaxIdleTime: malformed, PortNumber: dword(3389) });
    expect(registry.number(key, 'MaxIdleTime')).toBeUndefined();
  });
});

describe('a change that Windows refuses', () => {
  it('is refused whoever makes it, and all others go on', async () => {
    const vm = await bench.bootFaulty(refuseFirewallChange, keepKeyFromSystem, refuseOwnershipOfVault);
    const { firewall, files } = vm.machine();
    expect(refusal(() => firewall.set('RemoteDesktop-UserMode-In-TCP', { active: false }))).toBe(5);
    expect(refusal(() => files.takeOwnership(`C:${VAULT_KEY}`))).toBe(5);
    expect(refusal(() => files.takeOwnership(FOLDER))).toBeUndefined();
  });

  it('for want of space is told as that', async () => {
    const { files, info } = (await bench.bootFaulty(fillDisk)).machine();
    expect(refusal(() => files.writeText('C:\\Windows\\Temp\\more.txt', 'more'))).toBe(112);
    expect(info.freeBytes).toBe(0);
  });
});

describe('MachineKeys', () => {
  it('missing lets no new key be made', async () => {
    const vm = await bench.bootFaulty(removeMachineKeys);
    const { services, events, certificates } = vm.machine();
    await services.restart('SessionEnv');
    expect(events.query({ log: 'System' }).map(({ id }) => id)).toContain(1057);
    expect(certificates.list('Remote Desktop')).toMatchObject([{ hasPrivateKey: false }]);
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
  });

  it('may hold a key of RDP that its provider does not open, and says why', async () => {
    const vm = await bench.bootFaulty(spoilKey(0x8009001a));
    expect(refusal(() => vm.machine().certificates.openKey('TSSecKeySet1'))).toBe(0x8009001a);
    expect(verdict(await look(vm.address), NOW)).toBe('tls-cut');
    const well = await bench.bootFaulty();
    expect(refusal(() => well.machine().certificates.openKey('TSSecKeySet1'))).toBeUndefined();
  });
});
