import type { GuestDisk } from '../../windows/disk.ts';

/** A disk nobody has written to. */
export function emptyDisk(identity: string): GuestDisk {
  return { style: 'GPT', identity, partitions: [] };
}
