import { X509Certificate } from 'node:crypto';
import { decodeBlob } from './certificates/blob.ts';
import type { GuestDisk, GuestFile, Hive, RegistryValue } from './disk.ts';

const THUMBPRINT = /\b[0-9A-F]{40}\b/i;
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

function comparableKey(key: NonNullable<GuestFile['key']>): NonNullable<GuestFile['key']> {
  return { ...key, pem: 'an RSA key' };
}

function comparableHive(hive: Hive): Hive {
  return Object.fromEntries(
    Object.entries(hive).map(([key, values]) => [
      key.replace(THUMBPRINT, '<thumbprint>'),
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          name === 'Blob' ? comparableBlob(value) : value,
        ]),
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
