import { X509Certificate } from 'node:crypto';
import { decodeBlob } from './certificates/blob.ts';
import type { GuestDisk, GuestFile, Hive, RegistryValue } from './disk.ts';

const THUMBPRINT = /\b[0-9A-F]{40}\b/i;
/** The number of a run, by which its journal is called, and when it was. */
const NONCE = /\b[0-9a-f]{32}\b/;
const JOURNAL = /^RDP Medic\\Journal\\/i;
const DAY_MS = 24 * 3_600_000;

/**
 * A disk without what differs from run to run: certificates are told by subject and time instead of their bytes,
 * keys only by whether they are whole. Two repairs that did the same leave equal comparable disks.
 */
export function comparableDisk(disk: GuestDisk): GuestDisk {
  const copy = structuredClone(disk);
  for (const { files } of copy.partitions) {
    for (const file of Object.values(files)) {
      if (file.hive) file.hive = comparableHive(file.hive);
      if (file.key) file.key = comparableKey(file.key);
    }
  }
  return copy;
}

function comparableValue(key: string, name: string, value: RegistryValue): RegistryValue {
  if (name === 'Blob') return comparableBlob(value);
  if (!JOURNAL.test(key)) return value;
  if (name === 'at') return { type: 'REG_SZ', value: '<a moment>' };
  return value.type === 'REG_MULTI_SZ'
    ? { ...value, value: value.value.map((line) => line.replace(THUMBPRINT, '<thumbprint>')) }
    : value;
}

function comparableKey(key: NonNullable<GuestFile['key']>): NonNullable<GuestFile['key']> {
  return { ...key, pem: 'an RSA key' };
}

function comparableHive(hive: Hive): Hive {
  return Object.fromEntries(
    Object.entries(hive).map(([key, values]) => [
      key.replace(THUMBPRINT, '<thumbprint>').replace(NONCE, '<run>'),
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, comparableValue(key, name, value)]),
      ),
    ]),
  );
}

function comparableBlob(value: RegistryValue): RegistryValue {
  const stored = value.type === 'REG_BINARY' ? decodeBlob(value.value) : undefined;
  if (!stored) return value;
  const { subject, validFrom, validTo } = new X509Certificate(stored.der);
  const days = Math.round((Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS);
  return { type: 'REG_SZ', value: `${subject}, ${String(days)} days, key ${stored.keyFile ?? 'none'}` };
}
