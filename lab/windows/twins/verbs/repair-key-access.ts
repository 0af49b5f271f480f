import type { VerbChange } from '../../../../shared/model/change.ts';
import { WIN32, WindowsError } from '../../machine/errors.ts';
import { moveEntry, newFolder, readDescriptor, writeDescriptor, writeOwner } from '../../seam.ts';
import { isUsable, mended } from '../access.ts';
import { begin } from '../journal.ts';
import { boundKeyPath, keyFolder, rdpKeyPath } from '../key-files.ts';
import { noteWritten, type Run } from '../run.ts';

type Word = 'stands' | 'repaired' | 'made' | 'missing' | 'refused';
type What = Extract<VerbChange, { do: 'Repair-KeyAccess' }>['what'];

const ADMINISTRATORS = 'S-1-5-32-544';
/** As a fresh Windows has the folder, with SYSTEM named: everybody may make keys in it. */
const FOLDER_ACCESS = 'D:PAI(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x12019f;;;WD)';
const UNUSABLE_PATHS: readonly number[] = [WIN32.fileNotFound, WIN32.pathNotFound];

/** Twin of `guest/lib/verbs/repair-key-access.ps1`. */
export function repairKeyAccess(run: Run, { what }: { what: What }): Word {
  const path = { folder: keyFolder, 'rdp-key': rdpKeyPath, 'bound-key': boundKeyPath }[what](run);
  if (path === '') return 'missing';
  const { machine } = run;
  // SYSTEM replaces RDP's own key; the bound certificate's is an administrator's.
  const systemBits = what === 'bound-key' ? 0 : 3;
  let before = { Owner: '', Sddl: '' };
  const failure = reading(() => {
    before = readDescriptor(machine, path);
  });
  if (failure && UNUSABLE_PATHS.includes(failure.code))
    return what === 'folder' ? makeFolder(run, path) : 'missing';
  if (!failure && isUsable(before.Sddl, systemBits)) return 'stands';
  if (failure) {
    takeOwnership(run, path, '');
    before = readDescriptor(machine, path);
  }
  if (!isUsable(before.Sddl, systemBits)) {
    const after = mended(before.Sddl);
    begin(run, ['what=access', `target=${path}`, `before=${before.Sddl}`, `after=${after}`]);
    const refused = reading(() => {
      writeDescriptor(machine, path, after);
    });
    if (refused) {
      takeOwnership(run, path, before.Owner);
      writeDescriptor(machine, path, after);
    }
    noteWritten(run, 'access', path, before.Sddl, readDescriptor(machine, path).Sddl);
  }
  return isUsable(readDescriptor(machine, path).Sddl, systemBits) ? 'repaired' : 'refused';
}

/** The owner that nobody may read stays unknown: it cannot be given back. */
function takeOwnership(run: Run, path: string, before: string): void {
  begin(run, ['what=access-owner', `target=${path}`, `before=${before}`, `after=${ADMINISTRATORS}`]);
  writeOwner(run.machine, path, ADMINISTRATORS);
  noteWritten(run, 'access-owner', path, before === '' ? null : before, ADMINISTRATORS);
}

/** Under another name first: cut off before it has its rights, it must not pass for the folder. */
function makeFolder(run: Run, path: string): Word {
  const fresh = `${path}-rdp-medic-new`;
  begin(run, ['what=folder-made', `target=${path}`]);
  newFolder(run.machine, fresh);
  writeDescriptor(run.machine, fresh, FOLDER_ACCESS);
  moveEntry(run.machine, fresh, path);
  noteWritten(run, 'folder', path, null, FOLDER_ACCESS);
  return 'made';
}

function reading(act: () => void): WindowsError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof WindowsError) return error;
    throw error;
  }
}
