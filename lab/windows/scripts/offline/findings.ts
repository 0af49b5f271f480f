import type { FindingMore, Session } from '../session.ts';
import { controlSetName, type OfflineGuest } from './offline-guest.ts';

/** Name of the rule and its IP protocol. */
export const RDP_FIREWALL_RULES = {
  'RemoteDesktop-UserMode-In-TCP': 6,
  'RemoteDesktop-UserMode-In-UDP': 17,
} as const;
export const FIREWALL_RULES = 'Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
export const NETWORK_SERVICE = /^NT AUTHORITY\\Network ?Service$/i;

export function listenerKey(controlSet: string): string {
  return `${controlSet}\\Control\\Terminal Server\\WinStations\\RDP-Tcp`;
}

export function rdpPort(session: Session, controlSet: string): number {
  return Number(session.read(listenerKey(controlSet), 'PortNumber') ?? 3389);
}

/** Twin of `Find-GuestDenyFault`. */
export function findDenyFault(session: Session, guest: OfflineGuest): void {
  const switches = [
    { name: 'fDenyTSConnections', refuses: 1, severity: 'fault' },
    { name: 'TSEnabled', refuses: 0, severity: 'fault' },
    { name: 'TSServerDrainMode', refuses: 1, severity: 'warning' },
    { name: 'TSUserEnabled', refuses: 1, severity: 'warning' },
  ] as const;
  for (const set of guest.controlSets) {
    for (const { name, refuses, severity } of switches) {
      if (session.read(`${set}\\Control\\Terminal Server`, name) !== refuses) continue;
      session.find('ConnectionsDenied', 'Windows refuses Remote Desktop connections', {
        cause: 'rdp-denied',
        severity,
        data: { value: name, controlSet: controlSetName(set) },
      });
    }
  }
  const policy = `${guest.software}\\Policies\\Microsoft\\Windows NT\\Terminal Services`;
  if (session.read(policy, 'fDenyTSConnections') === 1)
    session.find(
      'ConnectionsDeniedByPolicy',
      'a policy refuses Remote Desktop connections; it must be changed there',
      { cause: 'rdp-denied' },
    );
}

/** Twin of `Find-GuestServiceFault`. */
export function findServiceFault(session: Session, guest: OfflineGuest): void {
  for (const set of guest.controlSets) {
    const controlSet = controlSetName(set);
    const account = session.read(`${set}\\Services\\TermService`, 'ObjectName');
    if (account !== undefined && !NETWORK_SERVICE.test(String(account)))
      session.find('TermServiceAccountChanged', 'the Remote Desktop service runs under another account', {
        cause: 'term-service',
        data: { account: String(account), controlSet },
      });
    if (session.read(`${set}\\Services\\TermService`, 'Start') === 4)
      session.find('TermServiceDisabled', 'the Remote Desktop service is disabled', {
        cause: 'term-service',
        data: { controlSet },
      });
    for (const service of ['SessionEnv', 'UmRdpService']) {
      if (session.read(`${set}\\Services\\${service}`, 'Start') !== 4) continue;
      session.find('RdpServiceDisabled', 'a service that Remote Desktop uses is disabled', {
        cause: 'term-service',
        severity: service === 'SessionEnv' ? 'fault' : 'warning',
        data: { service, controlSet },
      });
    }
  }
}

/** Twin of `Find-GuestListenerFault`. */
export function findListenerFault(session: Session, guest: OfflineGuest): void {
  for (const set of guest.controlSets) {
    const key = listenerKey(set);
    const controlSet = controlSetName(set);
    const off = (detail: string, value: string): void => {
      session.find('ListenerDisabled', detail, { cause: 'rdp-listener', data: { value, controlSet } });
    };
    if (session.read(key, 'fEnableWinStation') === undefined) {
      session.find('ListenerMissing', 'the settings of the RDP listener are gone', {
        cause: 'rdp-listener',
        data: { controlSet },
      });
      continue;
    }
    if (session.read(key, 'fEnableWinStation') === 0) off('the RDP listener is off', 'fEnableWinStation');
    if (session.read(key, 'fLogonDisabled') === 1) off('the RDP listener refuses logons', 'fLogonDisabled');
    const adapter = session.read(key, 'LanAdapter') ?? 0;
    if (adapter !== 0)
      session.find('ListenerBoundToAdapter', 'the RDP listener answers on one network adapter only', {
        severity: 'warning',
        data: { adapter: Number(adapter), controlSet },
      });
  }
}

/** Twin of `Find-GuestPortFault`. */
export function findPortFault(session: Session, guest: OfflineGuest, newPort = 0): void {
  for (const set of guest.controlSets) {
    const port = rdpPort(session, set);
    const data = { port, controlSet: controlSetName(set) };
    if (port < 1 || port > 65535)
      session.find('PortInvalid', 'the RDP listener has a number that is no port', {
        cause: 'rdp-port',
        data,
      });
    else if (newPort > 0 && port !== newPort)
      session.find('PortToBeMoved', 'something else answers on the RDP port', { cause: 'rdp-port', data });
    else if (port !== 3389)
      session.find('PortMovedAlready', 'RDP is set to another port than 3389', { severity: 'info', data });
  }
}

/** Twin of `Find-GuestSecurityLayerFault`. */
export function findSecurityLayerFault(session: Session, guest: OfflineGuest): void {
  for (const set of guest.controlSets) {
    const key = listenerKey(set);
    const more: FindingMore = { cause: 'rdp-security-layer', data: { controlSet: controlSetName(set) } };
    const layer = session.read(key, 'SecurityLayer');
    if (layer === 0)
      session.find(
        'SecurityLayerWeak',
        'RDP security instead of TLS: clients that require TLS are refused',
        more,
      );
    if (session.read(key, 'fAllowSecProtocolNegotiation') === 0)
      session.find('NegotiationOff', 'client and server may not agree on a security protocol', more);
    if (session.read(key, 'UserAuthentication') === 0)
      session.find('NlaOff', 'network level authentication is off', { ...more, severity: 'warning' });
    if (layer === 2 && session.read(key, 'MinEncryptionLevel') === 1)
      session.find('EncryptionMismatch', 'TLS does not go with the low encryption level', more);
  }
}
