import type { DiskView, Machine, PartitionView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { same } from '../lookup.ts';
import { newFolder, readEntryKind, readRegistryKey, readSpace } from '../seam.ts';
import { messageOf, ScriptError } from './answer.ts';
import { requireWmi } from './failure.ts';
import { selectedSet, setName, type OpenedWindows } from './opened-windows.ts';
import { testSeam } from './self-test.ts';

const SYSTEM_HIVE = 'RdpMedicSystem';
const SOFTWARE_HIVE = 'RdpMedicSoftware';
const EFI = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}';
const BASIC = '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}';
const DYNAMIC = '{af9b60a0-1431-4f62-bc68-3311714a69ad}';
const LETTERS = Array.from('FGHIJKLMNOPQRSTUVWXYZ');

interface Session {
  windows: OpenedWindows;
  disk: number | undefined;
  isOpened: boolean;
  hives: string[];
  /** Letter by partition, those that were given. */
  given: Map<number, string>;
}

/**
 * `Invoke-DiskSession`: from a LUN to an opened Windows, and back to a disk that is offline. The first trouble is thrown.
 * @param parameters of the script: where the disk is, whether it is a copy to rehearse on, and whether the self-test was passed on this
 * machine before
 */
export async function onDisk(
  machine: Machine,
  { Lun: lun = '', Copy: copy = '', Tested: tested = '' }: Readonly<Record<string, string>>,
  work: (windows: OpenedWindows) => Promise<void>,
): Promise<void> {
  if (tested !== 'yes') testSeam(machine);
  const session: Session = {
    windows: {
      scope: 'offline',
      system: SYSTEM_HIVE,
      software: SOFTWARE_HIVE,
      root: '',
      sets: [],
      bootStore: '',
      installations: [],
    },
    disk: undefined,
    isOpened: false,
    hives: [],
    given: new Map(),
  };
  const troubles: unknown[] = [];
  const attempt = async (act: () => void | Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (thrown) {
      messageOf(thrown);
      troubles.push(thrown);
    }
  };
  await attempt(async () => {
    await openDisk(machine, session, Number(lun));
    confirmCopy(machine, session.windows, copy);
    await work(session.windows);
  });
  for (const hive of session.hives) await attempt(() => unloadHive(machine, hive));
  const { disk } = session;
  if (session.isOpened && disk !== undefined) {
    for (const letter of lettersToFlush(machine, disk))
      await attempt(() => {
        machine.storage.flush(letter);
      });
    for (const [partition] of session.given)
      await attempt(() => {
        machine.storage.removeLetter(disk, partition);
      });
    await attempt(() => {
      machine.storage.setOffline(disk);
      if (!machine.storage.disks().some(({ number, isOffline }) => number === disk && isOffline))
        throw new ScriptError('DiskOnline', `disk ${String(disk)} stays online; do not detach it`);
    });
  }
  if (troubles.length > 0) throw troubles[0];
}

function lettersToFlush(machine: Machine, disk: number): string[] {
  return machine.storage
    .partitions(disk)
    .flatMap(({ letter, gptType }) => (letter !== undefined && gptType !== EFI ? [letter] : []));
}

async function openDisk(machine: Machine, session: Session, lun: number): Promise<void> {
  const { windows } = session;
  const disk = findDisk(machine, lun);
  session.disk = disk.number;
  bringOnline(machine, session, disk);
  const partitions = machine.storage.partitions(disk.number);
  if (partitions.some(({ gptType, type }) => gptType === DYNAMIC || type === 'LDM Data'))
    throw new ScriptError(
      'DynamicDisk',
      'this is a dynamic disk: its volumes can be seen only by the Windows it belongs to',
    );
  const found = windowsVolumes(machine, session, partitions);
  windows.bootStore = bootStore(machine, session, partitions);
  const chosen = chooseOf(machine, windows, found);
  windows.root = chosen.root;
  windows.installations = found.map((one) => ({ partition: one.partition.number, chosen: one === chosen }));
  await loadHive(machine, session, SYSTEM_HIVE, 'SYSTEM');
  await loadHive(machine, session, SOFTWARE_HIVE, 'SOFTWARE');
  windows.sets = countingSets(machine, windows);
}

/** `Confirm-Copy`: nobody is to take a rehearsal's copy for the one that goes under the VM. */
function confirmCopy(machine: Machine, { root }: OpenedWindows, copy: string): void {
  const mark = `${root}\\ProgramData\\rdp-medic-rehearsal`;
  if (copy === 'rehearsal') newFolder(machine, mark);
  else if (readEntryKind(machine, mark) !== 'none')
    throw new ScriptError('RehearsalDisk', 'this is the copy that was rehearsed on, to be thrown away');
}

function findDisk(machine: Machine, lun: number): DiskView {
  requireWmi(machine);
  const found = machine.storage.disks().filter((disk) => {
    if (disk.busType === 'NVMe' || (disk.lun ?? 0) !== lun || disk.isBoot || disk.isSystem) return false;
    return !machine.storage
      .partitions(disk.number)
      .some(
        ({ letter = '-' }) => readEntryKind(machine, `${letter}:\\DATALOSS_WARNING_README.txt`) === 'file',
      );
  });
  const [disk] = found;
  if (!disk)
    throw new ScriptError(
      'DiskNotFound',
      `no attached disk on LUN ${String(lun)}. A VM size with NVMe disks shows no LUN: use a SCSI size`,
    );
  if (found.length > 1)
    throw new ScriptError('DiskAmbiguous', `${String(found.length)} disks answer to LUN ${String(lun)}`);
  return disk;
}

function bringOnline({ storage }: Machine, session: Session, disk: DiskView): void {
  if (disk.isOffline) {
    const twins = storage
      .disks()
      .filter((other) => other.number !== disk.number && same(other.identity, disk.identity));
    if (twins.length > 0 || disk.offlineReason === 'Collision')
      throw new ScriptError(
        'DiskIdentityCollision',
        'the rescue VM has a disk of the same identity. Make it from an image of another version',
      );
  }
  session.isOpened = true;
  if (disk.isReadOnly) storage.setReadOnly(disk.number, false);
  if (disk.isOffline) storage.setOnline(disk.number);
  const now = storage.disks().find(({ number }) => number === disk.number);
  if (!now || now.isOffline || now.isReadOnly)
    throw new ScriptError(
      'DiskNotOnline',
      `disk ${String(disk.number)} stays offline or read-only (reason ${now?.offlineReason ?? ''})`,
    );
}

interface Installation {
  partition: PartitionView;
  root: string;
}

function windowsVolumes(
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

function bootStore(machine: Machine, session: Session, partitions: readonly PartitionView[]): string {
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
function chooseOf(
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

async function loadHive(machine: Machine, session: Session, name: string, file: string): Promise<void> {
  await unloadHive(machine, name);
  session.hives.push(name);
  try {
    machine.hives.load(name, `${session.windows.root}\\Windows\\System32\\config\\${file}`);
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    throw new ScriptError('HiveNotLoaded', `reg.exe load of the hive ${file} ended with exit code 1`);
  }
}

/** Half a minute: whoever reads a hive that is loaded may hold it so long. */
async function unloadHive(machine: Machine, name: string): Promise<void> {
  for (let attempt = 0; attempt < 15; attempt++) {
    if (!readRegistryKey(machine, name, ['-'])) return;
    try {
      machine.hives.unload(name);
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error;
      await machine.sleep(2);
    }
  }
  if (readRegistryKey(machine, name, ['-']))
    throw new ScriptError(
      'HiveInUse',
      `the hive HKLM\\${name} cannot be unloaded. Close what holds it; do not detach the disk before`,
    );
}

function countingSets(machine: Machine, windows: OpenedWindows): string[] {
  const names = ['Current', 'Default'].map((name) => setName(selectedSet(machine, windows, name)));
  const sets = [...new Set(names)].filter(
    (set) => readRegistryKey(machine, `${windows.system}\\${set}`, ['-']) !== undefined,
  );
  if (sets.length === 0)
    throw new ScriptError('ControlSetMissing', 'neither the current nor the default control set exists');
  return sets;
}
