import { randomBytes, randomUUID } from 'node:crypto';
import type { GuestDisk, GuestPartition } from '../disk.ts';
import { bcdStorePath } from '../boot/loader.ts';
import { bringOnline, collides, freeLetters } from './attach.ts';
import { WIN32, WindowsError } from './errors.ts';
import { isLocked } from './paths.ts';
import { requireAllowed } from './refusals.ts';
import type { AttachedDisk, Running } from './running.ts';
import type { DiskView, PartitionView, StorageOps } from './disks-api.ts';

/** Partition types of the GUID partition table. */
const GPT_TYPES: Record<GuestPartition['kind'], string> = {
  efi: '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}',
  msr: '{e3c9e316-0b5c-4db8-817d-f92df00215ae}',
  recovery: '{de94bba4-06d1-4d40-a16a-bfd50179d6ac}',
  'system-reserved': '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}',
  windows: '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}',
  data: '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}',
};
const TYPES: Record<GuestPartition['kind'], string> = {
  efi: 'System',
  msr: 'Reserved',
  recovery: 'Recovery',
  'system-reserved': 'IFS',
  windows: 'Basic',
  data: 'Basic',
};

const FILE_SYSTEMS: Record<GuestPartition['kind'], PartitionView['fileSystem']> = {
  efi: 'FAT32',
  msr: '',
  recovery: 'NTFS',
  'system-reserved': 'NTFS',
  windows: 'NTFS',
  data: 'NTFS',
};
/** Type of a partition that the logical disk manager has taken. */
const LDM_DATA = '{af9b60a0-1431-4f62-bc68-3311714a69ad}';

/** Volumes of a dynamic disk belong to the machine it comes from; EFI and recovery stay what they are. */
export function isForeignVolume({ isDynamic }: GuestDisk, { kind }: GuestPartition): boolean {
  return isDynamic === true && ['windows', 'data', 'system-reserved'].includes(kind);
}

export function createStorage(running: Running): StorageOps {
  const demand = (number: number): AttachedDisk => {
    const attached = running.disks.find((disk) => disk.number === number);
    if (!attached) throw new WindowsError(WIN32.fileNotFound, `there is no disk ${String(number)}`);
    return attached;
  };
  const requireOnline = (number: number): AttachedDisk => {
    const attached = demand(number);
    if (attached.isOffline) throw new WindowsError(WIN32.notReady, `disk ${String(number)} is offline`);
    return attached;
  };
  const requirePartition = (attached: AttachedDisk, number: number): void => {
    if (!attached.disk.partitions.some((partition) => partition.number === number))
      throw new WindowsError(WIN32.fileNotFound, `there is no partition ${String(number)}`);
  };
  const requireUnloaded = (attached: AttachedDisk): void => {
    if ([...running.hives.values()].some((hive) => hive.disk === attached))
      throw new WindowsError(WIN32.busy, 'a registry hive of the disk is loaded');
  };
  /** The disk itself may refuse, as well as the machine. */
  const gate = ({ disk }: AttachedDisk, what: string, target: string): void => {
    const change = { what: `storage.${what}`, target };
    requireAllowed(disk, change);
    running.gate(change);
  };

  return {
    disks: () => running.disks.map((disk) => viewDisk(running, disk)),
    setOnline(number) {
      const attached = demand(number);
      if (!attached.isOffline) return;
      gate(attached, 'set-online', `disk ${String(number)}`);
      // Two disks of one identity cannot both be online: Windows gives the newcomer another.
      if (collides(running, attached.disk)) attached.disk.identity = newIdentity(attached.disk);
      bringOnline(running, attached);
    },
    setOffline(number) {
      const attached = demand(number);
      if (attached.number === 0) throw new WindowsError(WIN32.accessDenied, 'the boot disk stays online');
      if (attached.isOffline) return;
      requireUnloaded(attached);
      gate(attached, 'set-offline', `disk ${String(number)}`);
      attached.letters.clear();
      attached.isOffline = true;
      attached.offlineReason = 'Policy';
    },
    setReadOnly(number, isReadOnly) {
      const attached = demand(number);
      gate(attached, 'set-read-only', `disk ${String(number)}`);
      attached.isReadOnly = isReadOnly;
    },
    partitions(number) {
      const attached = demand(number);
      return attached.isOffline
        ? []
        : attached.disk.partitions.map((partition) => viewPartition(running, attached, partition));
    },
    freeLetters: () => freeLetters(running),
    assignLetter(disk, partition, letter) {
      const attached = requireOnline(disk);
      requirePartition(attached, partition);
      if (
        attached.disk.partitions.some(
          (one) => one.number === partition && isForeignVolume(attached.disk, one),
        )
      )
        throw new WindowsError(WIN32.invalidParameter, 'a volume of a foreign disk gets no letter');
      const wanted = letter.toUpperCase();
      if (attached.letters.get(partition) === wanted) return;
      if (!freeLetters(running).includes(wanted))
        throw new WindowsError(WIN32.alreadyExists, `letter ${wanted} is in use`);
      gate(attached, 'assign-letter', `disk ${String(disk)} partition ${String(partition)}`);
      attached.letters.set(partition, wanted);
    },
    removeLetter(disk, partition) {
      const attached = requireOnline(disk);
      if (!attached.letters.has(partition)) return;
      if (attached.number === 0 && attached.letters.get(partition) === 'C')
        throw new WindowsError(WIN32.accessDenied, "Windows' own volume keeps its letter");
      gate(attached, 'remove-letter', `disk ${String(disk)} partition ${String(partition)}`);
      attached.letters.delete(partition);
    },
    flush(letter) {
      const attached = running.disks.find(({ letters }) =>
        [...letters.values()].includes(letter.toUpperCase()),
      );
      if (!attached) throw new WindowsError(WIN32.fileNotFound, `there is no volume ${letter}:`);
      for (const disk of [attached.disk, running.osDisk])
        requireAllowed(disk, { what: 'storage.flush', target: `${letter.toUpperCase()}:` });
    },
  };
}

function protectionOf(
  { osDisk }: Running,
  { bitLocker }: GuestPartition,
  locked: boolean,
): PartitionView['bitLocker'] {
  if (osDisk.quirks?.bitLockerAbsent === true) return 'unknown';
  if (bitLocker === undefined) return 'none';
  return locked ? 'locked' : 'unlocked';
}

function newIdentity(disk: GuestDisk): string {
  return disk.style === 'GPT' ? `{${randomUUID()}}` : randomBytes(4).toString('hex');
}

function viewDisk({ surroundings }: Running, attached: AttachedDisk): DiskView {
  const { number, lun, disk, isOffline, offlineReason, isReadOnly } = attached;
  const isNvme = surroundings.diskController === 'NVMe';
  const seenLun = isNvme ? undefined : lun;
  const adapter = `Integrated : Adapter ${String(lun === undefined ? 0 : 1)} : Port 0 : Target 0`;
  return {
    number,
    lun: seenLun,
    busType: isNvme ? 'NVMe' : 'SAS',
    location: seenLun === undefined ? adapter : `${adapter} : LUN ${String(seenLun)}`,
    isBoot: number === 0,
    isSystem: number === 0,
    isOffline,
    offlineReason: isOffline ? offlineReason : undefined,
    isReadOnly,
    style: disk.style,
    identity: disk.identity,
  };
}

function viewPartition(running: Running, attached: AttachedDisk, partition: GuestPartition): PartitionView {
  const { number, disk, letters } = attached;
  const locked = isLocked(running, attached, partition);
  const isForeign = isForeignVolume(disk, partition);
  return {
    diskNumber: number,
    number: partition.number,
    guid: partition.guid,
    gptType: disk.style === 'GPT' ? (isForeign ? LDM_DATA : GPT_TYPES[partition.kind]) : undefined,
    type: isForeign ? 'LDM Data' : TYPES[partition.kind],
    label: partition.label,
    letter: letters.get(partition.number),
    isActive: disk.style === 'MBR' && bcdStorePath(disk)?.partition === partition,
    bitLocker: protectionOf(running, partition, locked),
    fileSystem: isForeign || locked ? 'RAW' : FILE_SYSTEMS[partition.kind],
  };
}
