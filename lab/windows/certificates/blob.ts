import { createHash } from 'node:crypto';

/** Properties of a serialised certificate as the registry stores keep it (wincrypt.h, CERT_*_PROP_ID). */
const KEY_PROV_INFO = 2;
const SHA1_HASH = 3;
const CERTIFICATE = 32;

export interface StoredCertificate {
  der: Buffer;
  /** File of MachineKeys that holds the private key; without it the certificate has none. */
  keyFile?: string;
}

/** Upper-case hex SHA-1 of a certificate: the name of its key in a store. */
export function thumbprintOf(der: Buffer): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase();
}

/** The `Blob` of a certificate: property after property, each as id, 1, length, data (little endian). */
export function encodeBlob({ der, keyFile }: StoredCertificate): string {
  const property = (id: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(id, 0);
    head.writeUInt32LE(1, 4);
    head.writeUInt32LE(data.length, 8);
    return Buffer.concat([head, data]);
  };
  const parts = [property(SHA1_HASH, createHash('sha1').update(der).digest())];
  // Windows keeps a CRYPT_KEY_PROV_INFO structure here; the lab only its container's file name.
  if (keyFile !== undefined) parts.push(property(KEY_PROV_INFO, Buffer.from(keyFile, 'utf16le')));
  parts.push(property(CERTIFICATE, der));
  return Buffer.concat(parts).toString('hex');
}

/** Reads a `Blob`; `undefined` for one that is not whole. */
export function decodeBlob(hex: string): StoredCertificate | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const properties = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    if (at + 12 > bytes.length) return undefined;
    const end = at + 12 + bytes.readUInt32LE(at + 8);
    if (end > bytes.length) return undefined;
    properties.set(bytes.readUInt32LE(at), bytes.subarray(at + 12, end));
    at = end;
  }
  const der = properties.get(CERTIFICATE);
  const keyFile = properties.get(KEY_PROV_INFO)?.toString('utf16le');
  return der && (keyFile === undefined ? { der } : { der, keyFile });
}
