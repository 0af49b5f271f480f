import type { Theatre } from './theatre.ts';
import {
  currentControlSet,
  fileOf,
  softwareHiveOf,
  systemHiveOf,
  windowsVolume,
} from '../../../lab/fleet/disk/edit.ts';
import { rdpKeyPath } from '../../../lab/fleet/faults/certificate.ts';
import { certificatesOf } from '../../../lab/windows/certificates/store.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { hiveNumber, hiveText } from '../../../lab/windows/hive.ts';
import { allows } from '../../../lab/windows/volume.ts';

const NETWORK_SERVICE = 'S-1-5-20';
const TLS_12 = 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server';
const TERMINAL_SERVER = 'Control\\Terminal Server';
const RDP_TCP = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;
const FIREWALL = 'Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';

/** What Windows would read from a disk, in few words: what the tests compare end states in. */
export function stateOf(disk: GuestDisk, now: number) {
  const system = systemHiveOf(disk);
  const set = currentControlSet(disk);
  const number = (key: string, name: string): number | undefined =>
    hiveNumber(system, `${set}\\${key}`, name);
  const certificates = certificatesOf(softwareHiveOf(disk), windowsVolume(disk), 'Remote Desktop');
  return {
    tls12: number(TLS_12, 'Enabled') !== 0 && number(TLS_12, 'DisabledByDefault') !== 1,
    groupPolicy: number('Services\\gpsvc', 'Start'),
    denied: number(TERMINAL_SERVER, 'fDenyTSConnections') === 1,
    termService: number('Services\\TermService', 'Start'),
    listener: number(RDP_TCP, 'fEnableWinStation'),
    port: number(RDP_TCP, 'PortNumber'),
    securityLayer: number(RDP_TCP, 'SecurityLayer'),
    networkLevelAuthentication: number(RDP_TCP, 'UserAuthentication'),
    firewall: /\|Active=TRUE\|/i.test(
      hiveText(system, `${set}\\${FIREWALL}`, 'RemoteDesktop-UserMode-In-TCP') ?? '',
    ),
    certificateInTime: certificates.length > 0 && certificates.every(({ notAfter }) => notAfter > now),
    keyReadable: allows(windowsVolume(disk), rdpKeyPath(disk), NETWORK_SERVICE, 'read'),
    keyThere: fileOf(disk, rdpKeyPath(disk)).key !== undefined,
  };
}

/** As `stateOf`, of the OS disk that stands under a VM now. */
export function stateUnder(theatre: Theatre, name: string) {
  return stateOf(theatre.osDiskOf(name).content, theatre.stage.lab.clock.now());
}

/** The state that each cause's repair must leave. */
export const REPAIRED: Readonly<Record<string, Partial<ReturnType<typeof stateOf>>>> = {
  'open-to-internet': { port: 3389 },
  'rdp-port': { port: 3389, termService: 3 },
  'rdp-port-stubborn': { port: 3390, firewall: true },
  'rdp-denied': { denied: false },
  'term-service': { termService: 3 },
  'rdp-firewall': { firewall: true },
  'rdp-listener': { listener: 1 },
  'rdp-certificate': { certificateInTime: true, keyReadable: true },
  'rdp-certificate-peer': { certificateInTime: true, keyReadable: true },
  'machine-keys': { keyReadable: true },
  tls: { tls12: true, groupPolicy: 2 },
  'tls-agent-not-ready': { tls12: true },
  'rdp-security-layer': { securityLayer: 2, networkLevelAuthentication: 1 },
};
