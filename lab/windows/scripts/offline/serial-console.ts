import { ScriptFault } from '../envelope.ts';
import type { Session } from '../session.ts';
import { isBasic, isEfi } from './attached-disk.ts';
import { addLetter, backupFile, toFault, type OfflineGuest } from './offline-guest.ts';
import { offlineModel } from './offline-model.ts';

/** One element of the boot store, as the script reads it through WMI and as bcdedit writes it. */
interface BootSetting {
  name: string;
  object: string;
  wanted: boolean | number;
}

const EMS = '{emssettings}';

/** Twin of `Get-BootSetting`. */
function bootSettings({ machine }: Session, store: string): BootSetting[] {
  const loader = machine.boot.objects(store)['{bootmgr}']?.['default'];
  if (loader === undefined)
    throw new ScriptFault('BootLoaderNotFound', 'the boot manager names no default loader');
  return [
    { name: 'displaybootmenu', object: '{bootmgr}', wanted: true },
    { name: 'timeout', object: '{bootmgr}', wanted: 5 },
    { name: 'bootems', object: '{bootmgr}', wanted: true },
    { name: 'emsport', object: EMS, wanted: 1 },
    { name: 'emsbaudrate', object: EMS, wanted: 115200 },
    { name: 'ems', object: loader, wanted: true },
  ];
}

/** Twin of `Get-BootElement`: typed, as WMI gives it. */
function readElement(
  { machine }: Session,
  store: string,
  setting: BootSetting,
): boolean | number | undefined {
  const value = machine.boot.objects(store)[setting.object]?.[setting.name];
  if (value === undefined) return undefined;
  return typeof setting.wanted === 'boolean' ? /^(yes|on|true)$/i.test(value) : Number(value);
}

function writeElement(session: Session, store: string, setting: BootSetting): void {
  const { boot } = session.machine;
  // One bcdedit call sets both.
  const written: [string, string][] =
    setting.object === EMS
      ? [
          ['emsport', '1'],
          ['emsbaudrate', '115200'],
        ]
      : [[setting.name, setting.wanted === true ? 'Yes' : String(setting.wanted)]];
  for (const [name, value] of written) boot.setElement(setting.object, name, value, store);
}

function findBootStore({ machine }: Session, guest: OfflineGuest): string {
  for (const partition of machine.storage.partitions(guest.diskNumber)) {
    const isOnMbr = guest.style === 'MBR' && isBasic(partition);
    if (!isEfi(partition) && !isOnMbr) continue;
    const root = addLetter(machine, guest, partition);
    const path = isEfi(partition) ? `${root}\\EFI\\Microsoft\\Boot\\BCD` : `${root}\\Boot\\BCD`;
    if (machine.files.exists(path)) return path;
  }
  throw new ScriptFault(
    'BootStoreNotFound',
    `no partition of disk ${String(guest.diskNumber)} holds a boot configuration store`,
  );
}

function setBootSetting(session: Session, store: string, setting: BootSetting): void {
  const before = readElement(session, store, setting);
  if (before === setting.wanted) return;
  try {
    writeElement(session, store, setting);
  } catch (error) {
    throw toFault(error, 'BootStoreNotWritten', setting.name);
  }
  const after = readElement(session, store, setting);
  if (after !== setting.wanted)
    throw new ScriptFault('BootStoreNotWritten', `${setting.name} did not keep the value that was written`);
  session.act('set boot element', setting.name, before === undefined ? null : shown(before), shown(after));
}

/** As PowerShell writes a boolean. */
function shown(value: boolean | number): string {
  return typeof value === 'number' ? String(value) : value ? 'True' : 'False';
}

export const serialConsole = offlineModel('offline/serial-console', {
  hives: [],
  findFaults(session, guest) {
    const store = findBootStore(session, guest);
    for (const setting of bootSettings(session, store))
      if (readElement(session, store, setting) !== setting.wanted)
        session.find('SerialConsoleOff', 'the boot store does not have the serial console on', {
          data: { element: setting.name },
        });
  },
  repairFaults(session, guest) {
    const store = findBootStore(session, guest);
    const copy = backupFile(session.machine, guest, store, 'BCD');
    try {
      for (const setting of bootSettings(session, store)) setBootSetting(session, store, setting);
    } catch (error) {
      session.machine.files.copy(copy, store);
      throw error;
    }
  },
});
