import type { Machine, PartitionView } from '../../machine.ts';
import { WindowsError } from '../../machine/errors.ts';
import { ScriptFault } from '../envelope.ts';
import { enableAttachedDisk, findAttachedDisk, identityOf, isBasic } from './attached-disk.ts';

export const HIVE_NAMES = { SYSTEM: 'RdpMedicSystem', SOFTWARE: 'RdpMedicSoftware' } as const;
export type HiveFile = keyof typeof HIVE_NAMES;

const BACKUP_FOLDER = 'C:\\ProgramData\\rdp-medic';
const FIRST_LETTER = 'F';

/** Twin of the `$Guest` of `guest/lib/offline.ps1`: filled step by step, so that closing undoes as far as it came. */
export interface OfflineGuest {
  diskNumber: number;
  style: 'GPT' | 'MBR';
  identity: string;
  /** Letter and colon of the Windows volume. */
  root: string;
  letters: number[];
  hives: HiveFile[];
  /** Registry paths. */
  controlSets: string[];
  software: string;
}

export function newOfflineGuest(): OfflineGuest {
  return {
    diskNumber: -1,
    style: 'GPT',
    identity: '',
    root: '',
    letters: [],
    hives: [],
    controlSets: [],
    software: '',
  };
}

/** Twin of `Open-OfflineGuest`. */
export function openOfflineGuest(
  machine: Machine,
  guest: OfflineGuest,
  lun: number,
  hives: readonly HiveFile[],
): void {
  const disk = findAttachedDisk(machine, lun);
  guest.diskNumber = disk.number;
  guest.style = disk.style;
  guest.identity = identityOf(disk);
  enableAttachedDisk(machine, disk);
  guest.root = findWindowsVolume(machine, guest);
  for (const hive of hives) mountHive(machine, guest, hive);
  if (hives.includes('SYSTEM')) guest.controlSets = controlSetsOf(machine);
  if (hives.includes('SOFTWARE')) guest.software = `HKLM\\${HIVE_NAMES.SOFTWARE}`;
}

/** Twin of `Close-OfflineGuest`: every part is tried, the first trouble is thrown at the end. */
export function closeOfflineGuest(machine: Machine, guest: OfflineGuest): void {
  const troubles: unknown[] = [];
  const attemptTo = (act: () => void): void => {
    try {
      act();
    } catch (trouble) {
      troubles.push(trouble);
    }
  };
  for (const hive of guest.hives.splice(0))
    attemptTo(() => {
      dismountHive(machine, hive);
    });
  for (const partition of guest.letters.splice(0))
    attemptTo(() => {
      machine.storage.removeLetter(guest.diskNumber, partition);
    });
  if (troubles.length > 0) throw troubles[0];
}

/** Twin of `Add-Letter`: `F:`. */
export function addLetter({ storage }: Machine, guest: OfflineGuest, partition: PartitionView): string {
  if (partition.letter !== undefined) return `${partition.letter}:`;
  const letter = storage.freeLetters().find((free) => free >= FIRST_LETTER);
  if (letter === undefined) throw new ScriptFault('NoFreeLetter', 'Every drive letter is taken.');
  guest.letters.push(partition.number);
  storage.assignLetter(guest.diskNumber, partition.number, letter);
  return `${letter}:`;
}

function findWindowsVolume(machine: Machine, guest: OfflineGuest): string {
  for (const partition of machine.storage.partitions(guest.diskNumber).filter(isBasic)) {
    const root = addLetter(machine, guest, partition);
    if (partition.bitLocker === 'locked')
      throw new ScriptFault(
        'BitLockerLocked',
        `The volume of partition ${String(partition.number)} is locked by BitLocker. Unlock it by hand with its recovery key.`,
      );
    if (machine.files.exists(`${root}\\Windows\\System32\\config\\SYSTEM`)) return root;
  }
  throw new ScriptFault(
    'WindowsNotFound',
    `No partition of disk ${String(guest.diskNumber)} holds \\Windows\\System32\\config\\SYSTEM.`,
  );
}

/** Twin of `Backup-File`: copied once, under another name until it is whole. */
export function backupFile({ files }: Machine, guest: OfflineGuest, path: string, name: string): string {
  const folder = `${BACKUP_FOLDER}\\${guest.identity}`;
  for (const part of [BACKUP_FOLDER, folder]) if (!files.exists(part)) files.makeDirectory(part);
  const copy = `${folder}\\${name}`;
  if (files.exists(copy)) return copy;
  files.copy(path, `${copy}.part`);
  if (files.get(`${copy}.part`)?.size !== files.get(path)?.size)
    throw new ScriptFault('BackupFailed', `The copy of ${path} is not as long as the file.`);
  files.move(`${copy}.part`, copy);
  return copy;
}

function mountHive(machine: Machine, guest: OfflineGuest, hive: HiveFile): void {
  dismountHive(machine, hive);
  const file = `${guest.root}\\Windows\\System32\\config\\${hive}`;
  backupFile(machine, guest, file, hive);
  guest.hives.push(hive);
  try {
    machine.hives.load(HIVE_NAMES[hive], file);
  } catch (error) {
    throw toFault(error, 'HiveNotLoaded', `reg load of ${file}`);
  }
}

/** Twin of `Dismount-Hive`: one left loaded by a killed run goes too. */
export function dismountHive({ hives }: Machine, hive: HiveFile): void {
  if (!hives.loaded().some(({ name }) => name === HIVE_NAMES[hive])) return;
  hives.collectHandles();
  try {
    hives.unload(HIVE_NAMES[hive]);
  } catch (error) {
    throw toFault(error, 'HiveInUse', `reg unload of HKLM\\${HIVE_NAMES[hive]}`);
  }
}

/** What Windows refused, under a code of our own; a killed script stays killed. */
export function toFault(error: unknown, code: string, what: string): unknown {
  return error instanceof WindowsError ? new ScriptFault(code, `${what}: ${error.message}`) : error;
}

function controlSetsOf({ registry }: Machine): string[] {
  const root = `HKLM\\${HIVE_NAMES.SYSTEM}`;
  const current = registry.number(`${root}\\Select`, 'Current');
  const sets = [current, registry.number(`${root}\\Select`, 'Default')]
    .map((number) => `${root}\\ControlSet${String(number ?? 0).padStart(3, '0')}`)
    .filter((set) => registry.exists(set));
  if (sets.length === 0)
    throw new ScriptFault(
      'ControlSetMissing',
      `Neither the current nor the default control set exists (Select says ${String(current)}).`,
    );
  return [...new Set(sets)];
}

/** `ControlSet001`. */
export function controlSetName(key: string): string {
  return /\\(ControlSet\d{3})/.exec(key)?.[1] ?? key;
}
