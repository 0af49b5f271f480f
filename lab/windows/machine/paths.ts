import type { GuestPartition } from '../disk.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { AttachedDisk, Running } from './running.ts';

export interface FilePlace {
  disk: AttachedDisk;
  volume: GuestPartition;
  /** Inside the volume: `\Windows\...`, empty for its root. */
  path: string;
}

export function isLocked(
  { osDisk }: Running,
  { disk }: AttachedDisk,
  { bitLocker }: GuestPartition,
): boolean {
  return bitLocker === 'locked' || (bitLocker === 'sealed' && disk !== osDisk);
}

/** Finds the volume of a path. Errors: 3 unknown letter, BitLocker's for a locked volume. */
export function locate(running: Running, path: string): FilePlace {
  const match = /^([a-z]):((?:\\[^\\]+)*)\\?$/i.exec(path.replaceAll('/', '\\'));
  const letter = match?.[1]?.toUpperCase();
  for (const disk of running.disks) {
    for (const [number, own] of disk.letters) {
      const volume = own === letter ? disk.disk.partitions.find((one) => one.number === number) : undefined;
      if (!volume) continue;
      if (isLocked(running, disk, volume) && running.osDisk.quirks?.bitLockerAbsent === true)
        throw new WindowsError(WIN32.unrecognizedVolume, `drive ${own}: has no file system Windows knows`);
      if (isLocked(running, disk, volume))
        throw new WindowsError(WIN32.bitLockerLocked, `drive ${own}: is locked by BitLocker`);
      return { disk, volume, path: match?.[2] ?? '' };
    }
  }
  throw new WindowsError(WIN32.pathNotFound, `there is no such path: ${path}`);
}

/** As `locate`, for a change. Error 19 on a read-only disk. */
export function locateWritable(running: Running, path: string): FilePlace {
  const place = locate(running, path);
  if (place.disk.isReadOnly) throw new WindowsError(WIN32.writeProtect, `the disk of ${path} is read-only`);
  return place;
}
