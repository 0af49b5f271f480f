import type { GuestDisk, GuestPartition } from '../disk.ts';
import { hiveNumber } from '../hive.ts';
import { same } from '../lookup.ts';
import { refuses } from './refusals.ts';
import type { AttachedDisk, Running } from './running.ts';

/** Azure's temporary disk has number 1 and D:. */
const FIRST_DATA_DISK = 2;
const TEMPORARY_DISK_LETTER = 'D';
/** A and B are for floppy disks, C is Windows'. */
const LETTERS = Array.from({ length: 23 }, (_, index) => String.fromCharCode('D'.charCodeAt(0) + index));
const WITH_LETTER: readonly GuestPartition['kind'][] = ['windows', 'data', 'system-reserved'];
/** `SanPolicy` of partmgr: new disks come online at once. */
const ONLINE_ALL = 1;

export function osDiskEntry(disk: GuestDisk, volume: GuestPartition): AttachedDisk {
  return {
    number: 0,
    lun: undefined,
    disk,
    isOffline: false,
    offlineReason: undefined,
    isReadOnly: false,
    letters: new Map([[volume.number, 'C']]),
  };
}

/** A data disk arrives: offline when its identity is taken, or when the SAN policy says so (then read-only too). */
export function attachToRunning(running: Running, lun: number, disk: GuestDisk): AttachedDisk {
  const used = new Set(running.disks.map(({ number }) => number));
  let number = FIRST_DATA_DISK;
  while (used.has(number)) number++;
  const policy =
    hiveNumber(running.system, `${running.controlSet}\\Services\\partmgr\\Parameters`, 'SanPolicy') ??
    ONLINE_ALL;
  const attached: AttachedDisk = {
    number,
    lun,
    disk,
    isOffline: true,
    offlineReason: collides(running, disk) ? 'Collision' : policy === ONLINE_ALL ? undefined : 'Policy',
    isReadOnly: policy !== ONLINE_ALL,
    letters: new Map(),
  };
  running.disks.push(attached);
  if (attached.offlineReason === undefined) bringOnline(running, attached);
  return attached;
}

/** Whether another disk that is online has the same identity. */
export function collides(running: Running, disk: GuestDisk): boolean {
  return running.disks.some(
    (other) => other.disk !== disk && !other.isOffline && same(other.disk.identity, disk.identity),
  );
}

/** Online, with letters for its basic volumes. */
export function bringOnline(running: Running, attached: AttachedDisk): void {
  attached.isOffline = false;
  attached.offlineReason = undefined;
  for (const partition of attached.disk.partitions) {
    if (attached.disk.isDynamic === true || refuses(attached.disk, 'storage.assign-letter')) continue;
    if (!WITH_LETTER.includes(partition.kind) || attached.letters.has(partition.number)) continue;
    const [letter] = freeLetters(running);
    if (letter !== undefined) attached.letters.set(partition.number, letter);
  }
}

export function freeLetters(running: Running): string[] {
  const taken = new Set([
    TEMPORARY_DISK_LETTER,
    ...running.disks.flatMap(({ letters }) => [...letters.values()]),
  ]);
  return LETTERS.filter((letter) => !taken.has(letter));
}

/** The disk is pulled. A hive of it that is still loaded was being written: its file is lost. */
export function detachFromRunning(running: Running, lun: number): void {
  const index = running.disks.findIndex((attached) => attached.lun === lun);
  const attached = running.disks[index];
  if (!attached) return;
  running.disks.splice(index, 1);
  for (const [key, loaded] of running.hives) {
    if (loaded.disk !== attached) continue;
    loaded.file.damaged = true;
    running.hives.delete(key);
  }
}
