import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { softwareHiveOf, systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { SERVER_2012_R2, SERVER_2022, type WindowsRelease } from '../../../lab/fleet/disk/options.ts';
import { quirksOf } from '../../../lab/fleet/disk/quirks.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import { addManyKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import { giveCertificate, inTime } from '../../../lab/fleet/faults/certificate.ts';
import { removeProgram } from '../../../lab/fleet/faults/machine.ts';
import { malformValue, refuseSystemKey } from '../../../lab/fleet/faults/registry.ts';
import { removeService } from '../../../lab/fleet/faults/services.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import { SID } from '../../../lab/windows/sids.ts';
import { factsSchema, type Facts } from '../../../shared/model/facts.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { NOW } from '../support/guest.ts';
import { collectOffline, collectOnline, comparable, factsOf } from './support.ts';

function windowsDisk(release: WindowsRelease = SERVER_2022, generation: 'V1' | 'V2' = 'V2'): GuestDisk {
  return healthyDisk({
    computerName: 'BROKEN',
    generation,
    release,
    identity: stableDiskIdentity(generation, 'broken'),
    language: 'en-US',
  });
}

const RDP_TCP = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';
const rdpTcp = (facts: Facts) => facts.registry.find(({ path }) => path === RDP_TCP);
const unread = (facts: Facts): string[] => facts.unread.map(({ what }) => what);

interface Case {
  what: string;
  fault: (disk: GuestDisk) => void;
  release?: WindowsRelease;
  /** What must be said of it, on a running Windows. */
  online: (facts: Facts) => void;
  /** And on its disk; not looked at without it. */
  offline?: (facts: Facts) => void;
}

const WMI_FAILED = 0x80041001;
const DENIED = 5;

const CASES: readonly Case[] = [
  {
    what: 'WMI is broken',
    fault: (disk) => {
      quirksOf(disk).wmiBroken = true;
    },
    online: ({ services, listeners, policies, appliedPolicies, unread: parts, handshake, registry }) => {
      for (const part of [services, listeners, policies, appliedPolicies])
        expect(part).toMatchObject({ total: 0, items: [], error: { code: WMI_FAILED } });
      expect(parts).toMatchObject([{ what: 'boot', error: { code: WMI_FAILED } }]);
      expect(handshake.stage).toBe('done');
      expect(registry.every(({ state }) => state !== 'unread')).toBe(true);
    },
  },
  {
    what: 'netsh is missing',
    fault: removeProgram('netsh.exe'),
    online: ({ reservedPorts }) => {
      expect(reservedPorts).toMatchObject({ total: 0, items: [] });
      expect(reservedPorts.error).not.toBeNull();
    },
  },
  {
    what: 'SYSTEM and Administrators have lost folder and keys',
    fault: (disk) => {
      giveCertificate(disk, inTime(NOW));
      for (const [path, file] of Object.entries(windowsVolume(disk).files)) {
        if (path !== MACHINE_KEYS && !path.startsWith(`${MACHINE_KEYS}\\`)) continue;
        Object.assign(file, { owner: 'S-1-5-21-1-2-3-1001', inherits: false, acl: [] });
      }
    },
    online: (facts) => {
      const denied = { state: 'unread', owner: '', sddl: '', error: { code: DENIED } };
      expect(facts.keys).toMatchObject({ folder: denied, rdpKey: denied, opens: 'unknown' });
      expect(unread(facts)).toEqual(['keys.files']);
    },
    offline: ({ keys }) => {
      expect(keys).toMatchObject({ folder: { state: 'unread', error: { code: DENIED } }, files: 0 });
    },
  },
  {
    what: 'the folder of the keys is gone',
    fault: (disk) => {
      const { files } = windowsVolume(disk);
      for (const path of Object.keys(files))
        if (path.startsWith(MACHINE_KEYS)) Reflect.deleteProperty(files, path);
    },
    // Windows makes the folder again when it starts.
    online: () => undefined,
    offline: (facts) => {
      expect(facts.keys).toMatchObject({ folder: { state: 'missing', error: null }, files: 0 });
      expect(unread(facts)).toEqual([]);
    },
  },
  {
    what: 'there are 3,000 keys on a slow disk',
    fault: addManyKeys(3_000, 60),
    online: ({ keys }) => {
      expect(keys.files).toBeGreaterThanOrEqual(3_000);
    },
  },
  {
    what: 'a number of the listener has three bytes',
    fault: malformValue(RDP_TCP, 'MinEncryptionLevel'),
    online: (facts) => {
      const malformed = rdpTcp(facts)?.values.find(({ kind }) => kind === 'Malformed');
      expect(malformed?.name).toBe('MinEncryptionLevel');
      expect(rdpTcp(facts)?.values.find(({ name }) => name === 'PortNumber')?.data).toBe(3389);
    },
    offline: (facts) => {
      expect(rdpTcp(facts)?.values.some(({ kind }) => kind === 'Malformed')).toBe(true);
    },
  },
  {
    what: 'a key refuses even SYSTEM',
    fault: refuseSystemKey('Control\\SecurityProviders\\SCHANNEL', 'all'),
    online: (facts) => {
      const schannel = facts.registry.filter(({ path }) => path.includes('SCHANNEL'));
      expect(schannel.length).toBeGreaterThan(0);
      for (const key of schannel)
        expect(key).toMatchObject({ state: 'unread', values: [], error: { code: DENIED } });
      expect(rdpTcp(facts)?.state).toBe('here');
    },
  },
  {
    what: 'it is Server 2012 R2 with PowerShell 4',
    fault: () => undefined,
    release: SERVER_2012_R2,
    online: ({ windows, handshake }) => {
      expect(windows).toMatchObject({ build: 9600, powerShell: '4.0' });
      expect(handshake.stage).toBe('done');
    },
  },
  {
    what: 'no byte is free',
    fault: (disk) => {
      quirksOf(disk).diskFull = true;
    },
    online: ({ space }) => {
      expect(space?.free).toBe('0');
    },
  },
  {
    what: 'TermService and the firewall are not installed',
    fault: (disk) => {
      removeService('TermService')(disk);
      removeService('MpsSvc')(disk);
    },
    online: ({ services, listeners, handshake }) => {
      expect(services.items.map(({ name }) => name)).not.toContain('TermService');
      expect({ ...services, items: [] }).toEqual({ total: services.items.length, items: [], error: null });
      expect(listeners).toEqual({ total: 0, items: [], error: null });
      expect(handshake.stage).toBe('connect');
    },
  },
  {
    what: 'the port is no port',
    fault: (disk) => {
      systemHiveOf(disk)[`ControlSet001\\${RDP_TCP}`]!['PortNumber'] = {
        type: 'REG_DWORD',
        value: 0xffff_ffff,
      };
    },
    online: (facts) => {
      expect(rdpTcp(facts)?.values.find(({ name }) => name === 'PortNumber')?.data).toBe(0xffff_ffff);
      expect(facts.listeners).toEqual({ total: 0, items: [], error: null });
      expect(facts.handshake.stage).toBe('untried');
    },
  },
  {
    what: 'the machine has no GUID',
    fault: (disk) => {
      Reflect.deleteProperty(softwareHiveOf(disk)['Microsoft\\Cryptography'] ?? {}, 'MachineGuid');
    },
    online: () => undefined,
    offline: (facts) => {
      expect(facts.keys.rdpKey).toEqual({ state: 'unread', owner: '', sddl: '', error: null });
      expect(unread(facts)).toEqual(['keys.rdpKey']);
    },
  },
  {
    what: 'very long values',
    fault: (disk) => {
      const key = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
      softwareHiveOf(disk)[key] = {
        Functions: { type: 'REG_MULTI_SZ', value: Array<string>(600).fill('TLS_X') },
      };
      systemHiveOf(disk)[`ControlSet001\\${RDP_TCP}`]!['WdName'] = {
        type: 'REG_SZ',
        value: 'x'.repeat(9_000),
      };
    },
    online: (facts) => {
      const kinds = facts.registry.flatMap(({ values }) => values).filter(({ kind }) => kind === 'Other');
      expect(kinds.map(({ name }) => name)).toEqual(['Functions', 'WdName']);
    },
  },
  {
    what: 'a folder belongs to nobody known',
    fault: (disk) => {
      windowsVolume(disk).files[MACHINE_KEYS]!.acl.push({ sid: SID.everyone, rights: 'F', type: 'deny' });
    },
    online: (facts) => {
      factsSchema.parse(facts);
    },
  },
];

describe('collect goes on', () => {
  for (const { what, fault, release, online, offline } of CASES) {
    itWithPwsh(`where ${what}`, async () => {
      const disk = windowsDisk(release);
      fault(disk);
      const broken = (): GuestDisk => structuredClone(disk);
      const seen = factsOf(await collectOnline(broken(), 'pwsh'));
      const twin = factsOf(await collectOnline(broken(), 'model'));
      expect(comparable(seen)).toEqual(comparable(twin));
      online(seen);
      if (!offline) return;
      const onDisk = factsOf((await collectOffline(broken(), 'pwsh')).outcome);
      expect(onDisk).toEqual(factsOf((await collectOffline(broken(), 'model')).outcome));
      offline(onDisk);
    });
  }
});
