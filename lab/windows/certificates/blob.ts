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
  if (keyFile !== undefined) parts.push(property(KEY_PROV_INFO, encodeKey(keyFile)));
  parts.push(property(CERTIFICATE, der));
  return Buffer.concat(parts).toString('hex');
}

const KEY_HEAD_BYTES = 28;
const PROVIDER = 'Microsoft Enhanced Cryptographic Provider v1.0';
const PROV_RSA_FULL = 1;
const CRYPT_MACHINE_KEYSET = 0x20;
const AT_KEYEXCHANGE = 1;

/**
 * CRYPT_KEY_PROV_INFO as a store keeps it: offsets of container and provider name, type, flags, number and offset of parameters,
 * key specification, then both names. A container may be named by its file, as the lab does.
 */
function encodeKey(container: string): Buffer {
  const names = [container, PROVIDER].map((name) => Buffer.from(`${name}\0`, 'utf16le'));
  const head = Buffer.alloc(KEY_HEAD_BYTES);
  head.writeUInt32LE(KEY_HEAD_BYTES, 0);
  head.writeUInt32LE(KEY_HEAD_BYTES + (names[0]?.length ?? 0), 4);
  head.writeUInt32LE(PROV_RSA_FULL, 8);
  head.writeUInt32LE(CRYPT_MACHINE_KEYSET, 12);
  head.writeUInt32LE(AT_KEYEXCHANGE, 24);
  return Buffer.concat([head, ...names]);
}

/** The container's name; `undefined` for bytes that are no such structure. */
function decodeKey(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.length < KEY_HEAD_BYTES) return undefined;
  const offset = bytes.readUInt32LE(0);
  if (offset < KEY_HEAD_BYTES || offset >= bytes.length) return undefined;
  return bytes.subarray(offset).toString('utf16le').split('\0')[0];
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
  const keyFile = decodeKey(properties.get(KEY_PROV_INFO));
  return der && (keyFile === undefined ? { der } : { der, keyFile });
}
