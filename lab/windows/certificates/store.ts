import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { GuestPartition, Hive } from '../disk.ts';
import { hiveSubkeys, hiveValue } from '../hive.ts';
import { same } from '../lookup.ts';
import type { CertificateView } from '../machine/system-api.ts';
import { fileAt } from '../volume.ts';
import { decodeBlob } from './blob.ts';

export const MACHINE_KEYS = '\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';
export const SYSTEM_CERTIFICATES = 'Microsoft\\SystemCertificates';

/** Key of a store in the SOFTWARE hive (System Store Locations). */
export function storeKey(store: string): string {
  return `${SYSTEM_CERTIFICATES}\\${store}\\Certificates`;
}

/** Name of the file that holds the RDP certificate's key (container `TSSecKeySet1`). */
export function rdpKeyFile(machineGuid: string): string {
  return `f686aace6942fb7f7ceb231212eef4a4_${machineGuid}`;
}

/** Certificates of a store as they lie in the SOFTWARE hive. */
export function certificatesOf(software: Hive, volume: GuestPartition, store: string): CertificateView[] {
  return hiveSubkeys(software, storeKey(store)).map((thumbprint) =>
    viewCertificate(software, volume, store, thumbprint),
  );
}

function viewCertificate(
  software: Hive,
  volume: GuestPartition,
  store: string,
  thumbprint: string,
): CertificateView {
  const stored = storedCertificate(software, store, thumbprint);
  const certificate = stored && parse(stored.der);
  if (!certificate) {
    return {
      thumbprint,
      subject: '',
      issuer: '',
      notBefore: 0,
      notAfter: 0,
      hasPrivateKey: false,
      selfSigned: false,
      corrupt: true,
    };
  }
  return {
    thumbprint,
    subject: certificate.subject,
    issuer: certificate.issuer,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    hasPrivateKey:
      stored.keyFile !== undefined && pairedKey(volume, stored.keyFile, certificate) !== undefined,
    ...(stored.keyFile === undefined ? {} : { keyFile: stored.keyFile }),
    selfSigned: certificate.subject === certificate.issuer,
    corrupt: false,
  };
}

/** What the registry holds of a certificate; `undefined` when it is missing or corrupt. */
export function storedCertificate(
  software: Hive,
  store: string,
  thumbprint: string,
): { der: Buffer; keyFile?: string } | undefined {
  const key = hiveSubkeys(software, storeKey(store)).find((name) => same(name, thumbprint));
  const blob = key === undefined ? undefined : hiveValue(software, `${storeKey(store)}\\${key}`, 'Blob');
  const stored = blob?.type === 'REG_BINARY' ? decodeBlob(blob.value) : undefined;
  return stored && parse(stored.der) ? stored : undefined;
}

function parse(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** PEM of the key in a file of MachineKeys when it is whole and belongs to the certificate. */
function pairedKey(
  volume: GuestPartition,
  keyFile: string,
  certificate: X509Certificate,
): string | undefined {
  const key = fileAt(volume, `${MACHINE_KEYS}\\${keyFile}`)?.key;
  if (!key || key.damaged === true) return undefined;
  return certificate.checkPrivateKey(createPrivateKey(key.pem)) ? key.pem : undefined;
}
