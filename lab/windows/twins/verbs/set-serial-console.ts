import { lookUp } from '../../lookup.ts';
import { copyEntry, newFolder } from '../../seam.ts';
import { attempt, noteWritten, type Run } from '../run.ts';

type Word = 'stands' | 'set' | 'missing' | 'refused';

const KEPT = 'C:\\ProgramData\\rdp-medic';

interface Setting {
  name: string;
  object: string;
  /** As bcdedit keeps it. */
  wanted: string;
}

/** Twin of `guest/lib/verbs/set-serial-console.ps1`. */
export async function setSerialConsole(run: Run): Promise<Word> {
  const store = run.windows.bootStore;
  if (store === '') return 'missing';
  const { boot } = run.machine;
  const loader = elementOf(run, '{bootmgr}', 'default');
  if (loader === null) return 'missing';
  const settings = settingsOf(loader).filter(
    ({ object, name, wanted }) => elementOf(run, object, name) !== wanted,
  );
  if (settings.length === 0) return 'stands';
  newFolder(run.machine, KEPT);
  copyEntry(run.machine, store, `${KEPT}\\BCD`);
  const failure = await attempt(run, () => {
    for (const { object, name, wanted } of settings) {
      const before = elementOf(run, object, name);
      boot.setElement(object, name, wanted, store);
      noteWritten(run, 'boot', name, shown(before), shown(elementOf(run, object, name)));
    }
  });
  if (!failure && settings.every(({ object, name, wanted }) => elementOf(run, object, name) === wanted))
    return 'set';
  copyEntry(run.machine, `${KEPT}\\BCD`, store);
  run.wrote = [];
  if (failure) throw failure.thrown;
  return 'refused';
}

/** The loader last: it is what the console hangs on. */
function settingsOf(loader: string): Setting[] {
  return [
    { name: 'displaybootmenu', object: '{bootmgr}', wanted: 'Yes' },
    { name: 'timeout', object: '{bootmgr}', wanted: '5' },
    { name: 'bootems', object: '{bootmgr}', wanted: 'Yes' },
    { name: 'emsport', object: '{emssettings}', wanted: '1' },
    { name: 'emsbaudrate', object: '{emssettings}', wanted: '115200' },
    { name: 'ems', object: loader, wanted: 'Yes' },
  ];
}

function elementOf({ machine, windows }: Run, object: string, name: string): string | null {
  return lookUp(lookUp(machine.boot.objects(windows.bootStore), object) ?? {}, name) ?? null;
}

/** As WMI gives it. */
function shown(value: string | null): string | null {
  return value === 'Yes' ? 'True' : value === 'No' ? 'False' : value;
}
