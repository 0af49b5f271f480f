import { SAM_HIVE, SOFTWARE_HIVE, SYSTEM_HIVE } from '../../windows/boot/loader.ts';
import type { GuestDisk, GuestFile, GuestPartition, Hive, RegistryValue } from '../../windows/disk.ts';
import { hiveNumber, setHiveValue } from '../../windows/hive.ts';
import { fileAt, partitionWith } from '../../windows/volume.ts';

/** The volume of a disk that holds Windows. */
export function windowsVolume(disk: GuestDisk): GuestPartition {
  const volume = partitionWith(disk.partitions, SYSTEM_HIVE);
  if (!volume) throw new TypeError('the disk holds no Windows');
  return volume;
}

export function fileOf(disk: GuestDisk, path: string): GuestFile {
  const file = fileAt(windowsVolume(disk), path);
  if (!file) throw new TypeError(`the disk holds no ${path}`);
  return file;
}

function hiveOf(disk: GuestDisk, path: string): Hive {
  const { hive } = fileOf(disk, path);
  if (!hive) throw new TypeError(`${path} is no hive`);
  return hive;
}

export const systemHiveOf = (disk: GuestDisk): Hive => hiveOf(disk, SYSTEM_HIVE);
export const softwareHiveOf = (disk: GuestDisk): Hive => hiveOf(disk, SOFTWARE_HIVE);
export const samHiveOf = (disk: GuestDisk): Hive => hiveOf(disk, SAM_HIVE);

/** `ControlSet001`, or whichever is selected. */
export function currentControlSet(disk: GuestDisk): string {
  const current = hiveNumber(systemHiveOf(disk), 'Select', 'Current') ?? 1;
  return `ControlSet${String(current).padStart(3, '0')}`;
}

/** Sets a value in the current control set. */
export function setInSystem(disk: GuestDisk, key: string, name: string, value: RegistryValue): void {
  setHiveValue(systemHiveOf(disk), `${currentControlSet(disk)}\\${key}`, name, value);
}

export function setInSoftware(disk: GuestDisk, key: string, name: string, value: RegistryValue): void {
  setHiveValue(softwareHiveOf(disk), key, name, value);
}
