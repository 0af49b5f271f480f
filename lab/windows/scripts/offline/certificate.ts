import { X509Certificate } from 'node:crypto';
import { decodeBlob } from '../../certificates/blob.ts';
import { MACHINE_KEYS, rdpKeyFile } from '../../certificates/store.ts';
import type { Session } from '../session.ts';
import { listenerKey } from './findings.ts';
import { controlSetName, type OfflineGuest } from './offline-guest.ts';

const DAY_MS = 24 * 3_600_000;

type CertificateState = 'missing' | 'corrupt' | 'expired' | 'good';

export function keyFolder({ root }: OfflineGuest): string {
  return `${root}${MACHINE_KEYS}`;
}

/** Twin of `Get-GuestRdpKeyPath`. */
export function guestRdpKeyPath(session: Session, guest: OfflineGuest): string {
  const guid = session.read(`${guest.software}\\Microsoft\\Cryptography`, 'MachineGuid');
  return `${keyFolder(guest)}\\${rdpKeyFile(String(guid ?? ''))}`;
}

function stateOf(session: Session, key: string): CertificateState {
  const { machine } = session;
  if (!machine.registry.exists(key)) return 'missing';
  const stored = decodeBlob(String(session.read(key, 'Blob') ?? ''));
  const certificate = stored && parse(stored.der);
  if (!certificate) return 'corrupt';
  const now = machine.info.now();
  const isInTime =
    certificate.validToDate.getTime() >= now && certificate.validFromDate.getTime() <= now + DAY_MS;
  return isInTime ? 'good' : 'expired';
}

function parse(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** Twin of `Get-StoredCertificate`: the self-signed ones of RDP. */
export function storedCertificates(
  session: Session,
  guest: OfflineGuest,
): { key: string; thumbprint: string; state: CertificateState }[] {
  const store = `${guest.software}\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates`;
  return session.machine.registry.subkeys(store).map((thumbprint) => {
    const key = `${store}\\${thumbprint}`;
    return { key, thumbprint, state: stateOf(session, key) };
  });
}

/** Twin of `Get-GuestBinding`: certificates of somebody's own, bound to the listener. */
export function bindings(
  session: Session,
  guest: OfflineGuest,
): { key: string; thumbprint: string; state: 'good' | 'expired' | 'missing'; isBroker: boolean }[] {
  const stores = `${guest.software}\\Microsoft\\SystemCertificates`;
  return guest.controlSets.flatMap((set) => {
    const key = listenerKey(set);
    const hash = session.read(key, 'SSLCertificateSHA1Hash');
    if (hash === undefined) return [];
    const thumbprint = String(hash).toUpperCase();
    const states = ['MY', 'Remote Desktop'].map((store) =>
      stateOf(session, `${stores}\\${store}\\Certificates\\${thumbprint}`),
    );
    const state = states.includes('good') ? 'good' : states.includes('expired') ? 'expired' : 'missing';
    const isBroker = session.machine.registry.exists(`${set}\\Services\\Tssdis`);
    return [{ key, thumbprint, state, isBroker }];
  });
}

/** Twin of `Find-GuestCertificateFault`. */
export function findCertificateFault(session: Session, guest: OfflineGuest): void {
  const cause = 'rdp-certificate';
  for (const { key, thumbprint, state, isBroker } of bindings(session, guest)) {
    if (state === 'good') continue;
    session.find(
      state === 'expired' ? 'BoundCertificateExpired' : 'BoundCertificateMissing',
      'the certificate bound to the listener cannot be used',
      {
        cause,
        severity: isBroker ? 'warning' : 'fault',
        data: { thumbprint, controlSet: controlSetName(key) },
      },
    );
  }
  for (const { thumbprint, state } of storedCertificates(session, guest)) {
    const more = { cause, data: { thumbprint } } as const;
    if (state === 'expired')
      session.find('CertificateExpired', 'the certificate of RDP is out of its time', more);
    else if (state === 'corrupt')
      session.find('CertificateCorrupt', 'the certificate of RDP cannot be parsed', more);
    else if (!session.machine.files.peek(guestRdpKeyPath(session, guest)))
      session.find('CertificateKeyMissing', 'the private key of the certificate of RDP is gone', more);
  }
}
