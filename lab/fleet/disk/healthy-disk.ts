import { SAM_HIVE, SOFTWARE_HIVE, SYSTEM_HIVE } from '../../windows/boot/loader.ts';
import type { GuestDisk, GuestPartition } from '../../windows/disk.ts';
import { plainFile } from '../../windows/volume.ts';
import { bootStore } from './boot-store.ts';
import type { DiskOptions } from './options.ts';
import { samHive, softwareHive } from './software-hive.ts';
import { stableGuid } from './stable-id.ts';
import { systemHive } from './system-hive.ts';
import { windowsFiles } from './volume-files.ts';

/** An OS disk with nothing wrong, as an image lays it down: Windows makes the RDP certificate when it first starts. */
export function healthyDisk(options: DiskOptions): GuestDisk {
  const { generation, identity, computerName } = options;
  const machineGuid = stableGuid('machine', identity, computerName);
  const windows = partition(options, generation === 'V2' ? 4 : 2, 'windows', 'Windows');
  windows.ownLetter = 'C';
  windows.files = {
    ...windowsFiles(machineGuid),
    [SYSTEM_HIVE]: plainFile({ kind: 'hive', hive: systemHive(options) }),
    [SOFTWARE_HIVE]: plainFile({ kind: 'hive', hive: softwareHive(options, machineGuid) }),
    [SAM_HIVE]: plainFile({ kind: 'hive', hive: samHive([]) }),
  };

  if (generation === 'V1') {
    const system = partition(options, 1, 'system-reserved', 'System Reserved');
    const disk: GuestDisk = { style: 'MBR', identity, partitions: [system, windows] };
    system.files['\\Boot\\BCD'] = plainFile({ kind: 'bcd', bcd: bootStore(disk, system, windows) });
    return disk;
  }
  const system = partition(options, 2, 'efi', 'SYSTEM');
  const disk: GuestDisk = {
    style: 'GPT',
    identity,
    partitions: [
      partition(options, 1, 'recovery', 'Recovery'),
      system,
      partition(options, 3, 'msr', ''),
      windows,
    ],
  };
  system.files['\\EFI\\Microsoft\\Boot\\BCD'] = plainFile({
    kind: 'bcd',
    bcd: bootStore(disk, system, windows),
  });
  return disk;
}

function partition(
  { identity }: DiskOptions,
  number: number,
  kind: GuestPartition['kind'],
  label: string,
): GuestPartition {
  return { number, kind, guid: `{${stableGuid('partition', identity, String(number))}}`, label, files: {} };
}
