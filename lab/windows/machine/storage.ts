import { randomBytes, randomUUID } from 'node:crypto';
import type { GuestDisk, GuestPartition } from '../disk.ts';
import { bcdStorePath } from '../boot/loader.ts';
import { bringOnline, collides, freeLetters } from './attach.ts';
import { WIN32, WindowsError } from './errors.ts';
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
  const gate = (what: string, target: string): void => {
    running.gate({ what: `storage.${what}`, target });
  };

  return {
    disks: () => running.disks.map((disk) => viewDisk(running, disk)),
    setOnline(number) {
      const attached = demand(number);
      if (!attached.isOffline) return;
      gate('set-online', `disk ${String(number)}`);
      // Two disks of one identity cannot both be online: Windows gives the newcomer another.
      if (collides(running, attached.disk)) attached.disk.identity = newIdentity(attached.disk);
      bringOnline(running, attached);
    },
    setOffline(number) {
      const attached = demand(number);
      if (attached.number === 0) throw new WindowsError(WIN32.accessDenied, 'the boot disk stays online');
      if (attached.isOffline) return;
      requireUnloaded(attached);
      gate('set-offline', `disk ${String(number)}`);
      attached.letters.clear();
      attached.isOffline = true;
      attached.offlineReason = 'Policy';
    },
    setReadOnly(number, isReadOnly) {
      const attached = demand(number);
      gate('set-read-only', `disk ${String(number)}`);
      attached.isReadOnly = isReadOnly;
    },
    partitions(number) {
      const attached = demand(number);
      return attached.isOffline
        ? []
        : attached.disk.partitions.map((partition) => viewPartition(attached, partition));
    },
    freeLetters: () => freeLetters(running),
    assignLetter(disk, partition, letter) {
      const attached = requireOnline(disk);
      requirePartition(attached, partition);
      const wanted = letter.toUpperCase();
      if (attached.letters.get(partition) === wanted) return;
      if (!freeLetters(running).includes(wanted))
        throw new WindowsError(WIN32.alreadyExists, `letter ${wanted} is in use`);
      gate('assign-letter', `disk ${String(disk)} partition ${String(partition)}`);
      attached.letters.set(partition, wanted);
    },
    removeLetter(disk, partition) {
      const attached = requireOnline(disk);
      if (!attached.letters.has(partition)) return;
      if (attached.number === 0 && attached.letters.get(partition) === 'C')
        throw new WindowsError(WIN32.accessDenied, "Windows' own volume keeps its letter");
      gate('remove-letter', `disk ${String(disk)} partition ${String(partition)}`);
      attached.letters.delete(partition);
    },
    flush(letter) {
      if (!running.disks.some(({ letters }) => [...letters.values()].includes(letter.toUpperCase())))
        throw new WindowsError(WIN32.fileNotFound, `there is no volume ${letter}:`);
    },
  };
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

function viewPartition({ number, disk, letters }: AttachedDisk, partition: GuestPartition): PartitionView {
  return {
    diskNumber: number,
    number: partition.number,
    guid: partition.guid,
    gptType: disk.style === 'GPT' ? GPT_TYPES[partition.kind] : undefined,
    type: TYPES[partition.kind],
    label: partition.label,
    letter: letters.get(partition.number),
    isActive: disk.style === 'MBR' && bcdStorePath(disk)?.partition === partition,
    bitLocker: partition.bitLocker ?? 'none',
  };
}
