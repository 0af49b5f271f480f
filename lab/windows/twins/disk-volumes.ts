import type { Machine, PartitionView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { same } from '../lookup.ts';
import { readEntryKind, readSpace } from '../seam.ts';
import { ScriptError } from './answer.ts';
import type { OpenedWindows } from './opened-windows.ts';

export const EFI = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}';
const BASIC = '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}';
const LETTERS = Array.from('FGHIJKLMNOPQRSTUVWXYZ');

/** What is open on a disk. */
export interface Session {
  windows: OpenedWindows;
  disk: number | undefined;
  isOpened: boolean;
  hives: string[];
  /** Letter by partition, those that were given. */
  given: Map<number, string>;
}

/* `guest/lib/disk-volumes.ps1`: which volumes of a disk hold Windows, and which of two is started. */

export interface Installation {
  partition: PartitionView;
  root: string;
}

export function windowsVolumes(
  machine: Machine,
  session: Session,
  partitions: readonly PartitionView[],
): Installation[] {
  const unreadable: number[] = [];
  const found = partitions.filter(mayHoldWindows).flatMap((partition) => {
    const root = letterOf(machine, session, partition);
    if (partition.bitLocker === 'locked' || isUnrecognized(machine, root)) {
      unreadable.push(partition.number);
      return [];
    }
    const hive = `${root}\\Windows\\System32\\config\\SYSTEM`;
    return readEntryKind(machine, hive) === 'file' ? [{ partition, root }] : [];
  });
  if (found.length > 0) return found;
  if (unreadable.length > 0)
    throw new ScriptError(
      'BitLockerLocked',
      `the volume of partition ${unreadable.join(', ')} cannot be read: it is locked by BitLocker, or was never formatted. Unlock it with its recovery key on a VM that has the BitLocker feature`,
    );
  throw new ScriptError(
    'WindowsNotFound',
    `no partition of disk ${String(session.disk)} holds \\Windows\\System32\\config\\SYSTEM`,
  );
}

/** Basic on GPT, NTFS on MBR. */
function mayHoldWindows({ gptType, type }: PartitionView): boolean {
  return gptType === BASIC || (gptType === undefined && ['IFS', 'Basic'].includes(type));
}

function letterOf({ storage }: Machine, session: Session, { number, letter }: PartitionView): string {
  if (letter !== undefined) return `${letter}:`;
  const known = session.given.get(number);
  if (known !== undefined) return `${known}:`;
  const free = storage.freeLetters();
  const chosen = LETTERS.find((candidate) => free.includes(candidate)) ?? '';
  session.given.set(number, chosen);
  storage.assignLetter(session.disk ?? -1, number, chosen);
  return `${chosen}:`;
}

function isUnrecognized(machine: Machine, root: string): boolean {
  try {
    readSpace(machine, `${root}\\`);
    return false;
  } catch (error) {
    if (error instanceof WindowsError) return error.code === WIN32.unrecognizedVolume;
    throw error;
  }
}

export function bootStore(machine: Machine, session: Session, partitions: readonly PartitionView[]): string {
  for (const partition of partitions) {
    const isEfi = partition.gptType === EFI;
    if (!isEfi && (partition.gptType !== undefined || !mayHoldWindows(partition))) continue;
    const root = letterIfAny(machine, session, partition);
    if (root === undefined) continue;
    const path = `${root}${isEfi ? '\\EFI\\Microsoft' : ''}\\Boot\\BCD`;
    if (readEntryKind(machine, path) === 'file') return path;
  }
  return '';
}

/** Without a letter there is no boot store; the rest can still be read. */
function letterIfAny(machine: Machine, session: Session, partition: PartitionView): string | undefined {
  try {
    return letterOf(machine, session, partition);
  } catch (error) {
    if (error instanceof WindowsError) return undefined;
    throw error;
  }
}

/** Of two Windows the one that the boot store's default loader starts. */
export function chooseOf(
  machine: Machine,
  { bootStore }: OpenedWindows,
  found: readonly Installation[],
): Installation {
  const [first] = found;
  if (first && found.length === 1) return first;
  const named = found.filter(({ partition }) => same(partition.guid, startedPartition(machine, bootStore)));
  if (named[0] && named.length === 1) return named[0];
  throw new ScriptError(
    'TwoWindows',
    `the disk holds ${String(found.length)} Windows, and its boot store does not tell which one starts`,
  );
}

function startedPartition({ boot }: Machine, store: string): string {
  try {
    return store === '' ? '' : (boot.osPartition(store) ?? '');
  } catch (error) {
    if (error instanceof WindowsError) return '';
    throw error;
  }
}
