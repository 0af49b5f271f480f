import type { BcdStore, GuestDisk, GuestFile, Hive } from './disk.ts';

/**
 * A disk of its own with the same content, as a snapshot or a copy has it: what is done to the one does not show on the other. They share
 * what is replaced and never changed in place: registry values, entries of access lists, texts. A storm keeps thousands of disks.
 */
export function copyDisk({ quirks, partitions, ...disk }: GuestDisk): GuestDisk {
  return {
    ...disk,
    ...(quirks && { quirks: structuredClone(quirks) }),
    partitions: partitions.map((partition) => ({ ...partition, files: eachOf(partition.files, copyFile) })),
  };
}

function copyFile({ hive, bcd, key, keyRefusals, acl, ...file }: GuestFile): GuestFile {
  return {
    ...file,
    acl: [...acl],
    ...(hive && { hive: copyHive(hive) }),
    ...(bcd && { bcd: copyStore(bcd) }),
    ...(key && { key: { ...key } }),
    ...(keyRefusals && { keyRefusals: { ...keyRefusals } }),
  };
}

/** A hive of its own with the same keys and values. */
export function copyHive(hive: Hive): Hive {
  return eachOf(hive, (values) => ({ ...values }));
}

function copyStore({ objects }: BcdStore): BcdStore {
  return { objects: eachOf(objects, (elements) => ({ ...elements })) };
}

function eachOf<Value>(record: Record<string, Value>, copy: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, copy(value)]));
}
