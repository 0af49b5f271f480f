import type { DiskView, Machine } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import { same } from '../lookup.ts';
import { newFolder, readEntryKind, readRegistryKey } from '../seam.ts';
import { messageOf, ScriptError } from './answer.ts';
import { bootStore, chooseOf, EFI, windowsVolumes, type Session } from './disk-volumes.ts';
import { requireWmi } from './failure.ts';
import { selectedSet, setName, type OpenedWindows } from './opened-windows.ts';
import { testSeam } from './self-test.ts';

const SYSTEM_HIVE = 'RdpMedicSystem';
const SOFTWARE_HIVE = 'RdpMedicSoftware';
const DYNAMIC = '{af9b60a0-1431-4f62-bc68-3311714a69ad}';

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
