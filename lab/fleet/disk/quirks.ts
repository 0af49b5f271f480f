import type { GuestDisk } from '../../windows/disk.ts';
import type { Quirks, ServiceQuirk } from '../../windows/quirks.ts';

/** The quirks of a disk, to be changed. */
export function quirksOf(disk: GuestDisk): Quirks {
  disk.quirks ??= {};
  return disk.quirks;
}

export function addServiceQuirk(disk: GuestDisk, service: string, quirk: ServiceQuirk): void {
  const quirks = quirksOf(disk);
  const key = service.toLowerCase();
  quirks.services = { ...quirks.services, [key]: { ...quirks.services?.[key], ...quirk } };
}
