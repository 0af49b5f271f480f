import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import {
  bindCertificate,
  corruptCertificate,
  damageKey,
  expired,
} from '../../../../lab/fleet/faults/certificate.ts';
import { excludePort } from '../../../../lab/fleet/faults/port.ts';
import {
  currentControlSet,
  setInSoftware,
  setInSystem,
  systemHiveOf,
} from '../../../../lab/fleet/disk/edit.ts';
import { deleteHiveKey, deleteHiveValue } from '../../../../lab/windows/hive.ts';
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
        const rules = 'Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
        deleteHiveValue(
          systemHiveOf(disk),
          `${currentControlSet(disk)}\\${rules}`,
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
];

function setInSoftwarePolicy(disk: GuestDisk, suites: string): void {
  setInSoftware(disk, 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002', 'Functions', {
    type: 'REG_SZ',
    value: suites,
  });
}
