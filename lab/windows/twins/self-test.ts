import type { Machine } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import {
  copyEntry,
  moveEntry,
  newFolder,
  readDescriptor,
  readEntryKind,
  readFileLength,
  readRegistryKey,
  removeEntry,
  removeRegistryKey,
  removeRegistryValue,
  writeDescriptor,
  writeOwner,
  writeRegistryValue,
} from '../seam.ts';
import { ScriptError } from './answer.ts';
import { unreadOf } from './failure.ts';
import { runningWindows } from './opened-windows.ts';

const KEY = 'SOFTWARE\\RdpMedicSelfTest';
const VALUES = [
  { name: 'number', kind: 'DWord', data: 4_294_967_295 },
  { name: 'text', kind: 'String', data: 'one' },
  { name: 'path', kind: 'ExpandString', data: '%SystemRoot%\\one' },
  { name: 'list', kind: 'MultiString', data: ['one', 'two'] },
  { name: 'bytes', kind: 'Binary', data: '00ff10' },
];
const ACCESS = 'D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;NS)';
const OWNERS = ['S-1-5-18', 'S-1-5-32-544'];

/**
 * `Test-Seam` of `guest/lib/self-test.ps1`: writes, reads and takes back a key, a file and its permissions of the rescue VM's own.
 * @throws ScriptError `SelfTestFailed`
 */
export function testSeam(machine: Machine): void {
  const { root } = runningWindows(machine);
  const troubles: unknown[] = [];
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      troubles.push(new ScriptError('SelfTestFailed', unreadOf(machine, thrown).text));
    }
  };
  attempt(() => {
    clear(machine, root);
    testRegistry(machine);
    testFile(machine, root);
  });
  attempt(() => {
    clear(machine, root);
  });
  if (troubles.length > 0) throw troubles[0];
}

function folderOf(root: string): string {
  return `${root}\\ProgramData\\rdp-medic-self-test`;
}

function clear(machine: Machine, root: string): void {
  const folder = folderOf(root);
  removeRegistryKey(machine, KEY);
  for (const path of [`${folder}\\one`, `${folder}\\two`, folder]) removeEntry(machine, path);
  same('a key that was deleted', readRegistryKey(machine, KEY) === undefined ? 'True' : 'False', 'True');
  same('a folder that was deleted', readEntryKind(machine, folder), 'none');
}

function testRegistry(machine: Machine): void {
  for (const { name, kind, data } of VALUES) writeRegistryValue(machine, KEY, name, kind, data);
  for (const { name, kind, data } of VALUES) {
    const found = readRegistryKey(machine, KEY, [name])?.Values ?? [];
    same(`how often ${name} is there`, found.length, 1);
    same(`the kind of ${name}`, found[0]?.Kind ?? '', kind);
    same(`the data of ${name}`, [found[0]?.Data].flat().join(','), [data].flat().join(','));
  }
  removeRegistryValue(machine, KEY, VALUES[0]?.name ?? '');
  const left = readRegistryKey(machine, KEY)?.Values.length ?? 0;
  same('how many values are left of one deleted', left, VALUES.length - 1);
}

function testFile(machine: Machine, root: string): void {
  const folder = folderOf(root);
  const [source, one, two] = [
    `${root}\\Windows\\System32\\drivers\\etc\\hosts`,
    `${folder}\\one`,
    `${folder}\\two`,
  ] as const;
  newFolder(machine, folder);
  copyEntry(machine, source, one);
  same('the length of a copy', readFileLength(machine, one), readFileLength(machine, source));
  moveEntry(machine, one, two);
  same('where a file was moved from', readEntryKind(machine, one), 'none');
  same('the error for a file that is not there', codeOfDescriptor(machine, one), 2);
  const before = readDescriptor(machine, two);
  writeDescriptor(machine, two, ACCESS);
  same('entries that were written', ownEntries(readDescriptor(machine, two).Sddl), ownEntries(ACCESS));
  for (const owner of OWNERS) {
    writeOwner(machine, two, owner);
    same('the owner that was written', readDescriptor(machine, two).Owner, owner);
  }
  writeDescriptor(machine, two, before.Sddl);
  same('entries that were put back', ownEntries(readDescriptor(machine, two).Sddl), ownEntries(before.Sddl));
}

function codeOfDescriptor(machine: Machine, path: string): number {
  try {
    readDescriptor(machine, path);
    return 0;
  } catch (error) {
    if (error instanceof WindowsError) return error.code;
    throw error;
  }
}

/** In any order; P where it takes none from above. */
function ownEntries(sddl: string): string {
  const own = (sddl.match(/\([^)]*\)/g) ?? []).filter((entry) => !/^\([^;]*;[^;]*ID;/.test(entry));
  return (/^D:[A-Z]*P/.test(sddl) ? 'P' : '') + own.toSorted().join('');
}

function same(what: string, found: string | number, wanted: string | number): void {
  if (found !== wanted) throw new Error(`${what} is '${String(found)}', not '${String(wanted)}'`);
}
