import { X509Certificate } from 'node:crypto';
import { decodeBlob } from '../certificates/blob.ts';
import type { Machine } from '../machine.ts';
import { readValue } from './values.ts';

/** Below SOFTWARE. */
export const STORES = {
  remoteDesktop: 'Microsoft\\SystemCertificates\\Remote Desktop\\Certificates',
  my: 'Microsoft\\SystemCertificates\\MY\\Certificates',
} as const;

export interface StoredCertificate {
  selfIssued: boolean;
  /** Milliseconds since the epoch. */
  notAfter: number;
  /** File of its key in MachineKeys; '' where it names none. */
  keyFile: string;
}

/** The certificate in a key of a store; `undefined` where none can be read from it. */
export function readCertificate(machine: Machine, key: string): StoredCertificate | undefined {
  const blob = readValue(machine, key, 'Blob');
  const stored = blob?.kind === 'Binary' && typeof blob.data === 'string' ? decodeBlob(blob.data) : undefined;
  if (!stored) return undefined;
  try {
    const { subject, issuer, validTo } = new X509Certificate(stored.der);
    return { selfIssued: subject === issuer, notAfter: Date.parse(validTo), keyFile: stored.keyFile ?? '' };
  } catch {
    return undefined;
  }
}
