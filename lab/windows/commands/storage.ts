import type { DiskView, Machine, PartitionView } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import {
  failure,
  isSet,
  lines,
  numberOf,
  optionalText,
  textOf,
  type Arguments,
  type CommandSet,
  type Output,
} from './command.ts';

/** MBR partition types: NTFS, and the one of a recovery partition. */
const MBR_TYPES: Readonly<Record<string, number>> = { IFS: 7, Basic: 7, Recovery: 39 };
/** What Win32_EncryptableVolume says of protection: off, on, and unknown because locked. */
const PROTECTION = { none: 0, unlocked: 1, locked: 2, unknown: 2 } as const;

/** `MSFT_Disk`. */
function diskOf(disk: DiskView): Output {
  return {
    Number: disk.number,
    Location: disk.location,
    BusType: disk.busType,
    IsBoot: disk.isBoot,
    IsSystem: disk.isSystem,
    IsOffline: disk.isOffline,
    OfflineReason: disk.offlineReason ?? null,
    IsReadOnly: disk.isReadOnly,
    PartitionStyle: disk.style,
    Guid: disk.style === 'GPT' ? disk.identity : null,
    Signature: disk.style === 'MBR' ? Number.parseInt(disk.identity, 16) : null,
  };
}

/** Where a partition begins, bytes: the lab's are of one size. */
export function offsetOf({ number }: PartitionView): number {
  return number * 1024 ** 3;
}

/** `MSFT_Partition`. A partition without a letter has the character 0 for one. */
function partitionOf(partition: PartitionView): Output {
  return {
    DiskNumber: partition.diskNumber,
    PartitionNumber: partition.number,
    DriveLetter: partition.letter ?? '\u0000',
    Guid: partition.gptType === undefined ? null : partition.guid,
    GptType: partition.gptType ?? null,
    MbrType: partition.gptType === undefined ? (MBR_TYPES[partition.type] ?? null) : null,
    Type: partition.type,
    Offset: offsetOf(partition),
    IsActive: partition.isActive,
  };
}

function allPartitions({ storage }: Machine): PartitionView[] {
  return storage.disks().flatMap(({ number }) => storage.partitions(number));
}

/** `F:\` of an access path. Anything else is refused: the lab's volumes are known by letter. */
function letterOf(args: Arguments): string {
  const letter = /^([A-Za-z]):\\?$/.exec(textOf(args, 'accessPath'))?.[1];
  if (letter === undefined) throw new WindowsError(87, 'The access path is not valid.');
  return letter.toUpperCase();
}

function partitionAt(machine: Machine, disk: number, number: number): PartitionView {
  const found = machine.storage.partitions(disk).find((partition) => partition.number === number);
  if (!found) throw new WindowsError(2, 'No matching partition was found.');
  return found;
}

export const storageCommands: CommandSet = {
  commands: {
    'Get-Disk': ({ storage }, args) => {
      if (optionalText(args, 'number') === undefined) return storage.disks().map(diskOf);
      const found = storage.disks().find(({ number }) => number === numberOf(args, 'number'));
      if (!found) throw new WindowsError(2, 'No matching disk was found.');
      return diskOf(found);
    },
    'Set-Disk': ({ storage }, args) => {
      const number = numberOf(args, 'number');
      if (args['isReadOnly'] !== undefined) storage.setReadOnly(number, isSet(args, 'isReadOnly'));
      if (args['isOffline'] === undefined) return;
      if (isSet(args, 'isOffline')) storage.setOffline(number);
      else storage.setOnline(number);
    },
    'Get-Partition': ({ storage }, args) => {
      const found = storage.partitions(numberOf(args, 'diskNumber'));
      if (found.length === 0) throw new WindowsError(2, 'No matching partition was found.');
      return found.map(partitionOf);
    },
    'Add-PartitionAccessPath': (machine, args) => {
      const [disk, number] = [numberOf(args, 'diskNumber'), numberOf(args, 'partitionNumber')];
      if (partitionAt(machine, disk, number).type === 'System')
        throw new WindowsError(5, 'The storage cmdlets give an EFI partition no letter.');
      machine.storage.assignLetter(disk, number, letterOf(args));
    },
    'Remove-PartitionAccessPath': (machine, args) => {
      const [disk, number] = [numberOf(args, 'diskNumber'), numberOf(args, 'partitionNumber')];
      if (partitionAt(machine, disk, number).letter !== letterOf(args))
        throw new WindowsError(2, 'The access path is not that of the partition.');
      machine.storage.removeLetter(disk, number);
    },
    'Write-VolumeCache': ({ storage }, args) => {
      storage.flush(textOf(args, 'driveLetter'));
    },

    Win32_DiskDrive: ({ storage }) =>
      storage.disks().map((disk) => ({
        Index: disk.number,
        DeviceID: `\\\\.\\PHYSICALDRIVE${String(disk.number)}`,
        InterfaceType: 'SCSI',
        // The OS disk has LUN 0 too, on another controller.
        SCSILogicalUnit: disk.busType === 'NVMe' ? null : (disk.lun ?? 0),
        SCSIPort: disk.busType === 'NVMe' ? null : disk.lun === undefined ? 0 : 1,
        SCSITargetId: 0,
      })),
    Win32_LogicalDisk: (machine) => {
      const free = machine.storage.freeLetters();
      return Array.from('CDEFGHIJKLMNOPQRSTUVWXYZ')
        .filter((letter) => !free.includes(letter))
        .map((letter) => ({ DeviceID: `${letter}:` }));
    },
    Win32_EncryptableVolume: (machine) => {
      const partitions = allPartitions(machine);
      // WBEM_E_INVALID_NAMESPACE: it comes with the feature.
      if (partitions.some(({ bitLocker }) => bitLocker === 'unknown'))
        throw new WindowsError(0x8004100e, 'Invalid namespace');
      return partitions
        .filter(({ letter }) => letter !== undefined)
        .map(({ letter, bitLocker }) => ({
          DriveLetter: `${letter ?? ''}:`,
          ProtectionStatus: PROTECTION[bitLocker],
        }));
    },
  },
  throughWmi: [
    'Get-Disk',
    'Set-Disk',
    'Get-Partition',
    'Add-PartitionAccessPath',
    'Remove-PartitionAccessPath',
    'Write-VolumeCache',
    'Win32_DiskDrive',
    'Win32_LogicalDisk',
    'Win32_EncryptableVolume',
  ],
  programs: {
    /** Its arguments are the lines of the file named after `/s`; the stand-in reads it. */
    'diskpart.exe': (machine, script) => {
      let disk: number | undefined;
      let partition: number | undefined;
      for (const line of script.filter((text) => text.trim() !== '')) {
        const [, verb, object, value] =
          /^(select|assign|remove) (disk|partition|letter)[ =](\w+)$/.exec(line) ?? [];
        if (verb === 'select' && object === 'disk') disk = Number(value);
        else if (verb === 'select' && object === 'partition') partition = Number(value);
        else if (disk === undefined || partition === undefined || value === undefined)
          return failure(1, line);
        else if (!changeLetter(machine, verb === 'assign', disk, partition, value)) return failure(1, line);
      }
      return lines('DiskPart');
    },
  },
};

function changeLetter(
  { storage }: Machine,
  assigns: boolean,
  disk: number,
  partition: number,
  letter: string,
): boolean {
  try {
    if (assigns) storage.assignLetter(disk, partition, letter);
    else storage.removeLetter(disk, partition);
    return true;
  } catch (error) {
    if (error instanceof WindowsError) return false;
    throw error;
  }
}
