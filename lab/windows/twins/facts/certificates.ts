import { X509Certificate } from 'node:crypto';
import type { CertificateFact } from '../../../../shared/model/facts.ts';
import type { Machine } from '../../machine.ts';
import { readRegistryKey } from '../../seam.ts';
import type { Reading } from '../facts.ts';
import { momentOf } from '../moment.ts';
import { RDP_TCP, setKey, valueAt, type OpenedWindows } from '../opened-windows.ts';

/** wincrypt.h: CERT_KEY_PROV_INFO_PROP_ID, CERT_CERT_PROP_ID. */
const KEY = 2;
const CERTIFICATE = 32;
const KEY_HEAD_BYTES = 28;
/** "A" before "B"; without a date last. */
const BY_END = (one: CertificateFact, other: CertificateFact): number =>
  compare(other.notAfter ?? '', one.notAfter ?? '') || compare(one.thumbprint, other.thumbprint);

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function storeKey({ software }: OpenedWindows, store: string): string {
  return `${software}\\Microsoft\\SystemCertificates\\${store}\\Certificates`;
}

/** The store "Remote Desktop", those that last longest first. */
export function readStore({ machine, windows }: Reading): CertificateFact[] {
  const key = storeKey(windows, 'Remote Desktop');
  const names = readRegistryKey(machine, key, ['-'])?.Subkeys ?? [];
  return names
    .filter((name) => /^[0-9A-F]{1,64}$/i.test(name))
    .flatMap((name) => readDigest(machine, key, name) ?? [])
    .toSorted(BY_END);
}

export function readBoundCertificate({ machine, windows }: Reading): CertificateFact | null {
  const thumbprint = boundThumbprint(machine, windows);
  if (thumbprint === '') return null;
  for (const store of ['MY', 'Remote Desktop']) {
    const digest = readDigest(machine, storeKey(windows, store), thumbprint);
    if (digest) return digest;
  }
  return null;
}

function boundThumbprint(machine: Machine, windows: OpenedWindows): string {
  for (const set of windows.sets) {
    const value = valueAt(machine, `${setKey(windows, set)}\\${RDP_TCP}`, 'SSLCertificateSHA1Hash');
    if (value?.Kind === 'Binary' && typeof value.Data === 'string' && /^[0-9a-f]{2,64}$/.test(value.Data))
      return value.Data.toUpperCase();
  }
  return '';
}

/** Name of the bound certificate's key container; empty where there is none, or it cannot be told. */
export function boundKeyName({ machine, windows }: Reading): string {
  const thumbprint = boundThumbprint(machine, windows);
  if (thumbprint === '') return '';
  for (const store of ['MY', 'Remote Desktop']) {
    const value = valueAt(machine, `${storeKey(windows, store)}\\${thumbprint}`, 'Blob');
    if (value?.Kind !== 'Binary' || typeof value.Data !== 'string') continue;
    const properties = propertiesOf(value.Data);
    const isParsed = parse(properties?.get(CERTIFICATE)) !== undefined;
    return isParsed ? containerOf(properties?.get(KEY)) : '';
  }
  return '';
}

function readDigest(machine: Machine, key: string, thumbprint: string): CertificateFact | undefined {
  const values = readRegistryKey(machine, `${key}\\${thumbprint}`, ['Blob'])?.Values;
  if (!values) return undefined;
  const blob = values.find(({ Kind }) => Kind === 'Binary')?.Data;
  return digestOf(thumbprint.toUpperCase(), typeof blob === 'string' ? blob : '');
}

/** `Read-CertificateDigest`. */
function digestOf(thumbprint: string, hex: string): CertificateFact {
  const properties = propertiesOf(hex);
  const certificate = parse(properties?.get(CERTIFICATE));
  if (!certificate)
    return {
      thumbprint,
      state: 'corrupt',
      notBefore: null,
      notAfter: null,
      algorithm: 'unknown',
      bits: 0,
      selfIssued: false,
      namesKey: false,
    };
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const curve = /\d+/.exec(asymmetricKeyDetails?.namedCurve ?? '')?.[0];
  return {
    thumbprint,
    state: 'parsed',
    notBefore: momentOf(Date.parse(certificate.validFrom)),
    notAfter: momentOf(Date.parse(certificate.validTo)),
    algorithm: asymmetricKeyType === 'rsa' ? 'RSA' : asymmetricKeyType === 'ec' ? 'ECDSA' : 'other',
    bits: asymmetricKeyDetails?.modulusLength ?? Number(curve ?? 0),
    selfIssued: certificate.subject === certificate.issuer,
    namesKey: properties?.has(KEY) === true,
  };
}

function parse(der: Buffer | undefined): X509Certificate | undefined {
  if (!der || der.length < 4 || der[0] !== 0x30) return undefined;
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** `undefined` for bytes that do not end where they say. */
function propertiesOf(hex: string): Map<number, Buffer> | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const properties = new Map<number, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    if (at + 12 > bytes.length) return undefined;
    const length = bytes.readInt32LE(at + 8);
    if (length < 0 || length > bytes.length - at - 12) return undefined;
    properties.set(bytes.readInt32LE(at), bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return properties;
}

function containerOf(bytes: Buffer | undefined): string {
  if (!bytes || bytes.length < KEY_HEAD_BYTES) return '';
  const offset = bytes.readInt32LE(0);
  if (offset < KEY_HEAD_BYTES || offset >= bytes.length) return '';
  return bytes.subarray(offset).toString('utf16le').split('\0')[0] ?? '';
}
