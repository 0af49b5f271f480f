import type { FindingMore, Session } from '../session.ts';
import { controlSetName, type OfflineGuest } from './offline-guest.ts';

/** Windows Server 2022: the first build with TLS 1.3 (Protocols in TLS/SSL). */
const FIRST_BUILD_WITH_TLS_13 = 20348;

export function schannelServer(controlSet: string, version: string): string {
  return `${controlSet}\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\${version}\\Server`;
}

export function buildOf(session: Session, guest: OfflineGuest): number {
  return Number(
    session.read(`${guest.software}\\Microsoft\\Windows NT\\CurrentVersion`, 'CurrentBuildNumber') ?? 0,
  );
}

export function hasTls13(session: Session, guest: OfflineGuest): boolean {
  return buildOf(session, guest) >= FIRST_BUILD_WITH_TLS_13;
}

export function cipherPolicyKey({ software }: OfflineGuest): string {
  return `${software}\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002`;
}

/** The policy is there and names no suite. */
export function isCipherPolicyEmpty(session: Session, guest: OfflineGuest): boolean {
  const suites = session.read(cipherPolicyKey(guest), 'Functions');
  return suites !== undefined && !/TLS_/i.test(String(suites));
}

/** Twin of `Find-GuestTlsFault`. */
export function findTlsFault(session: Session, guest: OfflineGuest): void {
  const versions = hasTls13(session, guest) ? ['TLS 1.2', 'TLS 1.3'] : ['TLS 1.2'];
  for (const set of guest.controlSets) {
    const controlSet = controlSetName(set);
    for (const protocol of versions) {
      const more: FindingMore = {
        cause: 'tls',
        severity: protocol === 'TLS 1.2' ? 'fault' : 'warning',
        data: { protocol, controlSet },
      };
      const server = schannelServer(set, protocol);
      if (session.read(server, 'Enabled') === 0)
        session.find('TlsServerDisabled', 'the protocol is off for servers', more);
      if ((session.read(server, 'DisabledByDefault') ?? 0) !== 0)
        session.find(
          'TlsDisabledByDefault',
          'the protocol is offered only to a program that asks for it',
          more,
        );
    }
    if (session.read(`${set}\\Services\\gpsvc`, 'Start') === 4)
      session.find('GroupPolicyServiceDisabled', 'the Group Policy service is disabled', {
        severity: 'info',
        data: { controlSet },
      });
  }
  if (isCipherPolicyEmpty(session, guest))
    session.find('CipherPolicyEmpty', 'the policy for cipher suites leaves none that RDP could use', {
      cause: 'tls',
    });
}
