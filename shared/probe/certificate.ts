import type { X509Certificate } from 'node:crypto';
import type { ProbeResult } from '../model/probe.ts';

export type CertificateFacts = NonNullable<ProbeResult['certificate']>;

/** Longest subject that is reported, in characters: it comes from whoever answers on the port. */
const SUBJECT_LIMIT = 256;

/**
 * The facts of a server certificate that a report needs; `undefined` where its times cannot be read.
 * The thumbprint is Windows' one: SHA-1 over the DER form in upper-case hex without separators.
 */
export function certificateFacts(certificate: X509Certificate): CertificateFacts | undefined {
  const notBefore = new Date(certificate.validFrom);
  const notAfter = new Date(certificate.validTo);
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) return undefined;
  return {
    subject: certificate.subject.replaceAll(/\p{Cc}+/gu, ', ').slice(0, SUBJECT_LIMIT),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
  };
}

/** Whether the certificate counts at `now` (milliseconds since the epoch). */
export function isInTime(facts: CertificateFacts, now: number): boolean {
  return Date.parse(facts.notBefore) <= now && now <= Date.parse(facts.notAfter);
}
