import type { DiskView, Machine, PartitionView } from '../../machine.ts';
import { same } from '../../lookup.ts';
import { ScriptFault } from '../envelope.ts';

const EFI_PARTITION = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}';
const BASIC_PARTITION = '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}';
const MBR_NTFS_TYPES = ['IFS', 'Basic'];

/** Twin of `Find-AttachedDisk`: the disk on a LUN that is neither the rescue VM's own nor its temporary one. */
export function findAttachedDisk(machine: Machine, lun: number): DiskView {
  const found = machine.storage
    .disks()
    .filter((disk) => disk.lun === lun && !disk.isBoot && !disk.isSystem && !isTemporary(machine, disk));
  const [disk] = found;
  if (!disk)
    throw new ScriptFault(
      'DiskNotFound',
      `No attached disk on LUN ${String(lun)}. A VM size with NVMe disks shows no LUN: use a SCSI size.`,
    );
  if (found.length > 1)
    throw new ScriptFault('DiskAmbiguous', `${String(found.length)} disks answer to LUN ${String(lun)}.`);
  return disk;
}

function isTemporary({ storage, files }: Machine, disk: DiskView): boolean {
  return storage
    .partitions(disk.number)
    .some(
      ({ letter, bitLocker }) =>
        letter !== undefined &&
        bitLocker !== 'locked' &&
        files.exists(`${letter}:\\DATALOSS_WARNING_README.txt`),
    );
}

/** Twin of `Get-DiskIdentity`. */
export function identityOf({ style, identity }: DiskView): string {
  return style === 'MBR' ? identity.toLowerCase() : identity.replace(/[{}]/g, '').toLowerCase();
}

/** Twin of `Enable-AttachedDisk`: online and writable, never on a collision. */
export function enableAttachedDisk({ storage }: Machine, disk: DiskView): void {
  if (disk.isOffline) {
    const twin = storage
      .disks()
      .some((other) => other.number !== disk.number && same(identityOf(other), identityOf(disk)));
    if (twin || disk.offlineReason === 'Collision')
      throw new ScriptFault(
        'DiskIdentityCollision',
        'The rescue VM has a disk of the same identity. Make it from an image of another version.',
      );
  }
  if (disk.isReadOnly) storage.setReadOnly(disk.number, false);
  if (disk.isOffline) storage.setOnline(disk.number);
  const now = storage.disks().find(({ number }) => number === disk.number);
  if (now?.isOffline !== false || now.isReadOnly)
    throw new ScriptFault('DiskNotOnline', `Disk ${String(disk.number)} stays offline or read-only.`);
}

export function isEfi({ gptType }: PartitionView): boolean {
  return gptType === EFI_PARTITION;
}

/** NTFS on MBR, basic data on GPT: where a Windows can be. */
export function isBasic({ gptType, type }: PartitionView): boolean {
  return gptType === undefined ? MBR_NTFS_TYPES.includes(type) : gptType === BASIC_PARTITION;
}
