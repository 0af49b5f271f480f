import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import {
  bindCertificate,
  corruptCertificate,
  damageKey,
  expired,
  rdpKeyPath,
} from '../../../../lab/fleet/faults/certificate.ts';
import { excludePort } from '../../../../lab/fleet/faults/port.ts';
import {
  currentControlSet,
  setInSoftware,
  setInSystem,
  softwareHiveOf,
  systemHiveOf,
  windowsVolume,
} from '../../../../lab/fleet/disk/edit.ts';
import { RDP_STORE } from '../../../../lab/windows/certificates/renewal.ts';
import { storeKey } from '../../../../lab/windows/certificates/store.ts';
import { changeRule, FIREWALL_RULES } from '../../../../lab/windows/firewall.ts';
import { deleteHiveKey, deleteHiveValue, hiveText } from '../../../../lab/windows/hive.ts';
import { RDP_TCP } from '../../../../lab/windows/rdp/settings.ts';
import { removeFile } from '../../../../lab/windows/volume.ts';
import { NOW } from './vm.ts';

export interface CauseCase {
  /** What is wrong, in the words of a test's name. */
  fault: string;
  vm: string;
  script: string;
  /** Codes of the faults that diagnosis and script must both find. */
  codes: string[];
  faults?: ((disk: GuestDisk) => void)[];
}

/** Every way of being broken that an online script repairs: those of the fleet, and their relatives. */
/** TSEnabled counts only when TermService starts anew, which the script of today forgets (docs/decisions/0007). */
export const RED = 'Remote Desktop switched off as a whole';

export const CAUSES: readonly CauseCase[] = [
  { fault: 'a service on the RDP port', vm: 'rdp-port', script: 'rdp-port', codes: ['PortTakenByService'] },
  {
    fault: 'a service on the RDP port that does not stop',
    vm: 'rdp-port-stubborn',
    script: 'rdp-port',
    codes: ['PortTakenByProtectedService'],
  },
  {
    fault: 'a reserved RDP port',
    vm: 'healthy',
    script: 'rdp-port',
    codes: ['PortExcluded'],
    faults: [excludePort],
  },
  {
    fault: 'a driver on the RDP port',
    vm: 'healthy',
    script: 'rdp-port',
    codes: ['PortTakenByProgram'],
    faults: [setting(RDP_TCP, 'PortNumber', 5985), firewallRule({ localPort: '5985' })],
  },
  { fault: 'connections denied', vm: 'rdp-denied', script: 'rdp-denied', codes: ['ConnectionsDenied'] },
  {
    fault: 'TermService disabled',
    vm: 'term-service',
    script: 'term-service',
    codes: ['TermServiceDisabled'],
  },
  {
    fault: 'TermService under a lost account, and SessionEnv disabled',
    vm: 'healthy',
    script: 'term-service',
    codes: ['TermServiceAccountChanged', 'TermServiceStopped', 'RdpServiceDisabled'],
    faults: [
      (disk) => {
        setInSystem(disk, 'Services\\TermService', 'ObjectName', { type: 'REG_SZ', value: '.\\svc-rdp' });
        setInSystem(disk, 'Services\\SessionEnv', 'Start', { type: 'REG_DWORD', value: 4 });
      },
    ],
  },
  {
    fault: 'firewall rules off',
    vm: 'rdp-firewall',
    script: 'rdp-firewall',
    codes: ['FirewallRuleDisabled'],
  },
  {
    fault: 'the firewall rule gone',
    vm: 'healthy',
    script: 'rdp-firewall',
    codes: ['FirewallRuleMissing'],
    faults: [
      (disk) => {
        deleteHiveValue(
          systemHiveOf(disk),
          `${currentControlSet(disk)}\\${FIREWALL_RULES}`,
          'RemoteDesktop-UserMode-In-TCP',
        );
      },
    ],
  },
  {
    fault: 'the listener off',
    vm: 'rdp-listener',
    script: 'rdp-listener',
    codes: ['ListenerDisabled'],
  },
  {
    fault: 'the listener gone',
    vm: 'healthy',
    script: 'rdp-listener',
    codes: ['ListenerMissing'],
    faults: [
      (disk) => {
        const listener = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';
        deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\${listener}`);
      },
    ],
  },
  {
    fault: 'an expired certificate',
    vm: 'rdp-certificate',
    script: 'rdp-certificate',
    codes: ['CertificateExpired'],
  },
  {
    fault: 'a corrupt certificate',
    vm: 'healthy',
    script: 'rdp-certificate',
    codes: ['CertificateCorrupt'],
    faults: [
      (disk) => {
        corruptCertificate(disk, NOW);
      },
    ],
  },
  {
    fault: 'an expired certificate bound to the listener',
    vm: 'healthy',
    script: 'rdp-certificate',
    codes: ['BoundCertificateExpired'],
    faults: [
      (disk) => {
        bindCertificate(disk, expired(NOW));
      },
    ],
  },
  {
    fault: 'MachineKeys that nobody may read',
    vm: 'machine-keys',
    script: 'machine-keys',
    codes: ['MachineKeysUnreadable'],
  },
  {
    fault: 'a damaged RDP key',
    vm: 'healthy',
    script: 'machine-keys',
    codes: ['MachineKeyDamaged'],
    faults: [damageKey],
  },
  {
    fault: 'TLS switched off',
    vm: 'tls',
    script: 'tls',
    codes: ['TlsServerDisabled', 'TlsDisabledByDefault'],
  },
  {
    fault: 'an empty policy for cipher suites',
    vm: 'healthy',
    script: 'tls',
    codes: ['CipherPolicyEmpty'],
    faults: [
      (disk) => {
        setInSoftwarePolicy(disk, '');
      },
    ],
  },
  {
    fault: 'the weakest security layer',
    vm: 'rdp-security-layer',
    script: 'rdp-security-layer',
    codes: ['SecurityLayerWeak'],
  },
  {
    fault: 'Remote Desktop switched off as a whole',
    vm: 'healthy',
    script: 'rdp-denied',
    codes: ['ConnectionsDenied'],
    faults: [setting('Control\\Terminal Server', 'TSEnabled', 0)],
  },
  {
    fault: 'a firewall rule for another port',
    vm: 'healthy',
    script: 'rdp-firewall',
    codes: ['FirewallRuleWrongPort'],
    faults: [firewallRule({ localPort: '3390' })],
  },
  {
    fault: 'a firewall rule that blocks',
    vm: 'healthy',
    script: 'rdp-firewall',
    codes: ['FirewallRuleBlocks'],
    faults: [firewallRule({ action: 'Block' })],
  },
  {
    fault: 'a listener that refuses logons',
    vm: 'healthy',
    script: 'rdp-listener',
    codes: ['ListenerDisabled'],
    faults: [setting(RDP_TCP, 'fLogonDisabled', 1)],
  },
  {
    fault: 'no certificate, and none can be made',
    vm: 'healthy',
    script: 'rdp-certificate',
    codes: ['CertificateMissing'],
    faults: [
      misleadCertificates,
      (disk) => {
        deleteHiveKey(softwareHiveOf(disk), storeKey(RDP_STORE));
      },
    ],
  },
  {
    fault: 'a certificate without its key, and none can be made',
    vm: 'healthy',
    script: 'rdp-certificate',
    codes: ['CertificateKeyMissing'],
    faults: [
      misleadCertificates,
      (disk) => {
        removeFile(windowsVolume(disk), rdpKeyPath(disk));
      },
    ],
  },
  {
    fault: 'negotiation switched off',
    vm: 'healthy',
    script: 'rdp-security-layer',
    codes: ['NegotiationOff'],
    faults: [setting(RDP_TCP, 'fAllowSecProtocolNegotiation', 0)],
  },
  {
    fault: 'TLS beside the low encryption level',
    vm: 'healthy',
    script: 'rdp-security-layer',
    codes: ['EncryptionMismatch'],
    faults: [setting(RDP_TCP, 'SecurityLayer', 2), setting(RDP_TCP, 'MinEncryptionLevel', 1)],
  },
];

function setInSoftwarePolicy(disk: GuestDisk, suites: string): void {
  setInSoftware(disk, 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002', 'Functions', {
    type: 'REG_SZ',
    value: suites,
  });
}

function setting(key: string, name: string, value: number): (disk: GuestDisk) => void {
  return (disk) => {
    setInSystem(disk, key, name, { type: 'REG_DWORD', value });
  };
}

/** Windows is told to keep its own certificates where nobody looks. */
function misleadCertificates(disk: GuestDisk): void {
  const stations = 'Control\\Terminal Server\\WinStations';
  setInSystem(disk, stations, 'SelfSignedCertStore', { type: 'REG_SZ', value: 'Elsewhere' });
}

function firewallRule(change: Parameters<typeof changeRule>[1]): (disk: GuestDisk) => void {
  return (disk) => {
    const name = 'RemoteDesktop-UserMode-In-TCP';
    const raw = hiveText(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, name) ?? '';
    setInSystem(disk, FIREWALL_RULES, name, { type: 'REG_SZ', value: changeRule(raw, change) });
  };
}

/** Another automatic service that needs the web gateway: Windows would start the gateway for it. */
export const needGateway = (disk: GuestDisk): void => {
  const key = 'Services\\ContosoPortal';
  setInSystem(disk, key, 'Start', { type: 'REG_DWORD', value: 2 });
  setInSystem(disk, key, 'Type', { type: 'REG_DWORD', value: 16 });
  setInSystem(disk, key, 'DependOnService', { type: 'REG_MULTI_SZ', value: ['ContosoWebGateway'] });
};

/** The gateway's own supervisor starts it whenever it stops. */
export const superviseGateway = (disk: GuestDisk): void => {
  setInSystem(disk, 'Services\\ContosoWebGateway\\Parameters', 'ComesBack', { type: 'REG_DWORD', value: 1 });
};
