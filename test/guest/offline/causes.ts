import { fleetVm } from '../../../lab/fleet/index.ts';
import {
  bindCertificate,
  corruptCertificate,
  expired,
  rdpKeyPath,
} from '../../../lab/fleet/faults/certificate.ts';
import {
  fileOf,
  currentControlSet,
  setInSoftware,
  setInSystem,
  softwareHiveOf,
  systemHiveOf,
  windowsVolume,
} from '../../../lab/fleet/disk/edit.ts';
import { dword, list, text } from '../../../lab/fleet/disk/registry-values.ts';
import { storeKey } from '../../../lab/windows/certificates/store.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { deleteHiveKey, deleteHiveValue } from '../../../lab/windows/hive.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../lab/windows/rdp/settings.ts';
import { NOW } from '../online/support/vm.ts';

/** One way a disk can be broken, and the offline script that mends it. */
export interface BrokenDisk {
  what: string;
  /** `offline/<id>`. */
  script: string;
  parameters?: Record<string, string>;
  /** Codes of the faults that the diagnosis names. */
  faults: string[];
  make: () => GuestDisk;
}

export function diskOf(vm: string): GuestDisk {
  return fleetVm(vm, { now: NOW }).spec.osDisk;
}

function broken(fault: (disk: GuestDisk) => void): () => GuestDisk {
  return () => {
    const disk = diskOf('healthy');
    fault(disk);
    return disk;
  };
}

/** The fleet's own, one for each cause. */
const FLEET: BrokenDisk[] = [
  fleet('rdp-denied', ['ConnectionsDenied']),
  fleet('term-service', ['TermServiceDisabled']),
  fleet('rdp-firewall', ['FirewallRuleDisabled']),
  fleet('rdp-listener', ['ListenerDisabled']),
  fleet('rdp-security-layer', ['SecurityLayerWeak']),
  fleet('rdp-certificate', ['CertificateExpired']),
  fleet('machine-keys', ['MachineKeysUnreadable', 'MachineKeysUnreadable']),
  fleet('tls', ['TlsServerDisabled', 'TlsDisabledByDefault']),
  {
    ...fleet('tls', ['TlsServerDisabled', 'TlsDisabledByDefault']),
    what: 'tls-agent-not-ready',
    make: () => diskOf('tls-agent-not-ready'),
  },
  // Who holds a port is not written on a disk: the diagnosis cannot see it, the caller knows it from the wire.
  { ...fleet('rdp-port', []), parameters: { NewPort: '3390' } },
  {
    ...fleet('rdp-port', []),
    what: 'rdp-port-stubborn',
    parameters: { NewPort: '3390' },
    make: () => diskOf('rdp-port-stubborn'),
  },
];

/** The other shapes of the same causes. */
const SHAPES: BrokenDisk[] = [
  shape('TSEnabled is 0', 'rdp-denied', ['ConnectionsDenied'], (disk) => {
    setInSystem(disk, TERMINAL_SERVER, 'TSEnabled', dword(0));
  }),
  shape('SessionEnv is disabled', 'term-service', ['RdpServiceDisabled'], (disk) => {
    setInSystem(disk, 'Services\\SessionEnv', 'Start', dword(4));
  }),
  shape('TermService runs under another account', 'term-service', ['TermServiceAccountChanged'], (disk) => {
    setInSystem(disk, 'Services\\TermService', 'ObjectName', text('LocalSystem'));
  }),
  shape('the firewall rules are gone', 'rdp-firewall', ['FirewallRuleMissing'], (disk) => {
    for (const rule of ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP'])
      deleteHiveValue(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, rule);
  }),
  shape('the firewall rules are for another port', 'rdp-firewall', ['FirewallRuleWrongPort'], (disk) => {
    setInSystem(disk, RDP_TCP, 'PortNumber', dword(3391));
  }),
  shape('the listener is gone', 'rdp-listener', ['ListenerMissing'], (disk) => {
    deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\${RDP_TCP}`);
  }),
  shape('the listener refuses logons', 'rdp-listener', ['ListenerDisabled'], (disk) => {
    setInSystem(disk, RDP_TCP, 'fLogonDisabled', dword(1));
  }),
  shape('the port is none', 'rdp-port', ['PortInvalid', 'FirewallRuleWrongPort'], (disk) => {
    setInSystem(disk, RDP_TCP, 'PortNumber', dword(0));
  }),
  shape('the certificate is half written', 'rdp-certificate', ['CertificateCorrupt'], (disk) => {
    corruptCertificate(disk, NOW);
  }),
  shape("the certificate's key is gone", 'rdp-certificate', ['CertificateKeyMissing'], (disk) => {
    Reflect.deleteProperty(windowsVolume(disk).files, rdpKeyPath(disk));
  }),
  shape('the bound certificate has expired', 'rdp-certificate', ['BoundCertificateExpired'], (disk) => {
    bindCertificate(disk, expired(NOW));
  }),
  shape('the bound certificate is gone', 'rdp-certificate', ['BoundCertificateMissing'], (disk) => {
    const thumbprint = bindCertificate(disk, expired(NOW));
    deleteHiveKey(softwareHiveOf(disk), `${storeKey('My')}\\${thumbprint}`);
  }),
  shape('an entry denies SYSTEM the key', 'machine-keys', ['MachineKeysUnreadable'], (disk) => {
    fileOf(disk, rdpKeyPath(disk)).acl.unshift({ sid: 'S-1-5-18', rights: 'F', type: 'deny' });
  }),
  shape('the policy for cipher suites is empty', 'tls', ['CipherPolicyEmpty'], (disk) => {
    setInSoftware(
      disk,
      'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002',
      'Functions',
      list(),
    );
  }),
  shape('negotiation is off', 'rdp-security-layer', ['NegotiationOff'], (disk) => {
    setInSystem(disk, RDP_TCP, 'fAllowSecProtocolNegotiation', dword(0));
  }),
  shape('TLS with the low encryption level', 'rdp-security-layer', ['EncryptionMismatch'], (disk) => {
    setInSystem(disk, RDP_TCP, 'MinEncryptionLevel', dword(1));
  }),
];

export const BROKEN_DISKS: readonly BrokenDisk[] = [...FLEET, ...SHAPES];

function fleet(cause: string, faults: string[]): BrokenDisk {
  return { what: cause, script: `offline/${cause}`, faults, make: () => diskOf(cause) };
}

function shape(what: string, cause: string, faults: string[], fault: (disk: GuestDisk) => void): BrokenDisk {
  return { what, script: `offline/${cause}`, faults, make: broken(fault) };
}
