import type { Machine } from '../../machine.ts';
import type { Session } from '../session.ts';
import { valueText } from '../values.ts';
import { MACHINE_KEYS, RDP_CERTIFICATE_KEYS, RDP_TCP } from './keys.ts';

const DAY_MS = 24 * 3_600_000;

export interface RdpCertificate {
  thumbprint: string;
  state: 'good' | 'expired' | 'corrupt';
  /** `2026-05-31`, in UTC. */
  notAfter: string;
  selfSigned: boolean;
}

function isOutOfTime(
  machine: Machine,
  { notBefore, notAfter }: { notBefore: number; notAfter: number },
): boolean {
  const now = machine.info.now();
  return notAfter < now || notBefore > now + DAY_MS;
}

/** `Get-RdpCertificate`: the store's, then those that are in the registry only because they cannot be parsed. */
export function rdpCertificates(machine: Machine): RdpCertificate[] {
  const parsed = machine.certificates.list('Remote Desktop').filter(({ corrupt }) => !corrupt);
  const isParsed = (name: string): boolean =>
    parsed.some(({ thumbprint }) => thumbprint.toLowerCase() === name.toLowerCase());
  return [
    ...parsed.map((certificate) => ({
      thumbprint: certificate.thumbprint,
      state: isOutOfTime(machine, certificate) ? ('expired' as const) : ('good' as const),
      notAfter: new Date(certificate.notAfter).toISOString().slice(0, 10),
      selfSigned: certificate.subject === certificate.issuer,
    })),
    ...machine.registry
      .subkeys(RDP_CERTIFICATE_KEYS)
      .filter((name) => !isParsed(name))
      .map((thumbprint) => ({ thumbprint, state: 'corrupt' as const, notAfter: '', selfSigned: true })),
  ];
}

export function boundCertificateState(machine: Machine): 'none' | 'good' | 'expired' | 'missing' {
  const thumbprint = boundThumbprint(machine);
  if (thumbprint === null) return 'none';
  const certificate = (['My', 'Remote Desktop'] as const)
    .flatMap((store) => machine.certificates.list(store))
    .find((candidate) => !candidate.corrupt && candidate.thumbprint.toLowerCase() === thumbprint);
  if (!certificate?.hasPrivateKey) return 'missing';
  return isOutOfTime(machine, certificate) ? 'expired' : 'good';
}

function boundThumbprint({ registry }: Machine): string | null {
  return valueText(registry.get(RDP_TCP, 'SSLCertificateSHA1Hash'));
}

export function rdpKeyPath({ info }: Machine): string {
  return `${MACHINE_KEYS}\\f686aace6942fb7f7ceb231212eef4a4_${info.machineGuid}`;
}

export function findCertificateFault(session: Session): void {
  const { machine } = session;
  const cause = 'rdp-certificate';
  const bound = boundCertificateState(machine);
  if (bound === 'good') return;
  if (bound !== 'none') {
    session.find(
      bound === 'missing' ? 'BoundCertificateMissing' : 'BoundCertificateExpired',
      'the certificate bound to the listener cannot be used',
      { cause, data: { thumbprint: boundThumbprint(machine) } },
    );
  }
  const certificates = rdpCertificates(machine);
  for (const { state, thumbprint, notAfter } of certificates) {
    if (state === 'expired') {
      session.find('CertificateExpired', 'the certificate of RDP is out of its time', {
        cause,
        data: { thumbprint, notAfter },
      });
    } else if (state === 'corrupt') {
      session.find('CertificateCorrupt', 'the certificate of RDP cannot be parsed', {
        cause,
        data: { thumbprint },
      });
    }
  }
  if (certificates.length === 0) {
    session.find('CertificateMissing', 'RDP has no certificate', { cause });
  } else if (!machine.files.peek(rdpKeyPath(machine))) {
    session.find('CertificateKeyMissing', 'the private key of the certificate of RDP is gone', { cause });
  }
}
