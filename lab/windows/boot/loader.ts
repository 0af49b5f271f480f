import type { BcdStore, GuestDisk, GuestPartition, Hive } from '../disk.ts';
import { hiveNumber } from '../hive.ts';
import { lookUp, same } from '../lookup.ts';
import { fileAt, partitionWith } from '../volume.ts';

export const SYSTEM_HIVE = '\\Windows\\System32\\config\\SYSTEM';
export const SOFTWARE_HIVE = '\\Windows\\System32\\config\\SOFTWARE';
export const SAM_HIVE = '\\Windows\\System32\\config\\SAM';
const EFI_STORE = '\\EFI\\Microsoft\\Boot\\BCD';
const BIOS_STORE = '\\Boot\\BCD';

/** Why a disk does not start, as Windows' boot manager or kernel puts it on the screen. */
export interface BootFailure {
  code: '0xc000000e' | '0xc000000f' | '0xc0000218' | '0x7b';
  detail: string;
}

export interface BootTarget {
  volume: GuestPartition;
  system: Hive;
  software: Hive;
  sam: Hive | undefined;
  /** `ControlSet001`. */
  controlSet: string;
}

/** What the firmware and the boot manager make of a disk. */
export function findWindows(disk: GuestDisk): BootTarget | BootFailure {
  const store = findStore(disk);
  if (!store) return { code: '0xc000000f', detail: 'there is no boot configuration data' };
  const loader = lookUp(store.objects, lookUp(store.objects['{bootmgr}'] ?? {}, 'default') ?? '');
  const device = loader && parseDevice(lookUp(loader, 'osdevice') ?? lookUp(loader, 'device') ?? '');
  const volume =
    device && same(device.disk, disk.identity)
      ? disk.partitions.find(({ guid }) => same(guid, device.partition))
      : undefined;
  if (!volume || volume.bitLocker === 'locked')
    return { code: '0xc000000e', detail: 'the device that the boot configuration names is not there' };

  const system = wholeHive(volume, SYSTEM_HIVE);
  const software = wholeHive(volume, SOFTWARE_HIVE);
  if (!system || !software) return { code: '0xc0000218', detail: 'a registry hive cannot be loaded' };
  const current = hiveNumber(system, 'Select', 'Current');
  if (current === undefined) return { code: '0x7b', detail: 'no control set is selected' };
  const controlSet = `ControlSet${String(current).padStart(3, '0')}`;
  const exists = Object.keys(system).some((key) =>
    key.toLowerCase().startsWith(`${controlSet.toLowerCase()}\\`),
  );
  if (!exists) return { code: '0x7b', detail: `${controlSet} is selected, but not there` };
  return { volume, system, software, sam: wholeHive(volume, SAM_HIVE), controlSet };
}

/** The store on the EFI partition of a GPT disk; else that of the system partition, or of Windows' own. */
export function bcdStorePath(disk: GuestDisk): { partition: GuestPartition; path: string } | undefined {
  const path = disk.style === 'GPT' ? EFI_STORE : BIOS_STORE;
  const partition = partitionWith(disk.partitions, path);
  return partition && { partition, path };
}

function findStore(disk: GuestDisk): BcdStore | undefined {
  const place = bcdStorePath(disk);
  const file = place && fileAt(place.partition, place.path);
  return file?.damaged === true ? undefined : file?.bcd;
}

export function deviceOf(disk: GuestDisk, partition: GuestPartition): string {
  return `disk=${disk.identity};partition=${partition.guid}`;
}

export function parseDevice(text: string): { disk: string; partition: string } | undefined {
  const match = /^disk=([^;]+);partition=(.+)$/.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined
    ? { disk: match[1], partition: match[2] }
    : undefined;
}

function wholeHive(volume: GuestPartition, path: string): Hive | undefined {
  const file = fileAt(volume, path);
  return file?.damaged === true ? undefined : file?.hive;
}
