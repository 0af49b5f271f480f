import type { RegistryValue } from './disk.ts';
import type { Machine } from './machine.ts';
import { WIN32, WindowsError } from './machine/errors.ts';

/**
 * What the functions of `guest/lib/seam.ps1` do on the lab's Windows: the one place where it is said, for real PowerShell (through
 * `commands/seam.ts`) and for the TypeScript twins alike. What Windows refuses is a `WindowsError` with its Win32 code.
 */

export interface SeamValue {
  Name: string;
  Kind: 'DWord' | 'QWord' | 'String' | 'ExpandString' | 'MultiString' | 'Binary' | 'Malformed' | 'Other';
  /** As in the facts: unsigned number, decimal text (QWORD), lower-case hex, or a list. */
  Data: number | string | string[];
}

export interface SeamKey {
  Values: SeamValue[];
  Subkeys: string[];
}

/** Values (all, or those named) and the names of the keys below; `undefined` where the key is not there. Its handle is closed again. */
export function readRegistryKey(
  machine: Machine,
  path: string,
  names: readonly string[] = [],
): SeamKey | undefined {
  const key = `HKLM\\${path}`;
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  try {
    const values = machine.registry.values(key);
    if (!values) return undefined;
    return {
      Values: Object.entries(values)
        .filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase()))
        .map(([name, value]) => ({ Name: name, ...shown(value) })),
      Subkeys: machine.registry.subkeys(key),
    };
  } finally {
    machine.hives.collectHandles();
  }
}

function shown(value: RegistryValue): Omit<SeamValue, 'Name'> {
  switch (value.type) {
    case 'REG_DWORD':
      return { Kind: 'DWord', Data: value.value };
    case 'REG_QWORD':
      return { Kind: 'QWord', Data: String(value.value) };
    case 'REG_SZ':
      return { Kind: 'String', Data: value.value };
    case 'REG_EXPAND_SZ':
      return { Kind: 'ExpandString', Data: value.value };
    case 'REG_MULTI_SZ':
      return { Kind: 'MultiString', Data: value.value };
    case 'REG_BINARY':
      return { Kind: 'Binary', Data: value.value };
    case 'malformed':
      return { Kind: 'Malformed', Data: value.value };
  }
}

/** Writes a value, making its key. @throws WindowsError 5 refused, 87 for data that does not fit its kind */
export function writeRegistryValue(
  machine: Machine,
  path: string,
  name: string,
  kind: string,
  data: number | string | string[],
): void {
  try {
    machine.registry.set(`HKLM\\${path}`, name, stored(kind, data));
  } finally {
    machine.hives.collectHandles();
  }
}

function stored(kind: string, data: number | string | string[]): RegistryValue {
  if (kind === 'MultiString') return { type: 'REG_MULTI_SZ', value: [data].flat().map(String) };
  if (Array.isArray(data)) throw new WindowsError(WIN32.invalidParameter, `a list is no ${kind}`);
  if (kind === 'DWord') return { type: 'REG_DWORD', value: Number(data) >>> 0 };
  if (kind === 'QWord') return { type: 'REG_QWORD', value: Number(data) };
  if (kind === 'Binary') return { type: 'REG_BINARY', value: String(data).toLowerCase() };
  if (kind === 'String') return { type: 'REG_SZ', value: String(data) };
  if (kind === 'ExpandString') return { type: 'REG_EXPAND_SZ', value: String(data) };
  throw new WindowsError(WIN32.invalidParameter, `no registry type ${kind}`);
}

/** Nothing happens where it is not there. */
export function removeRegistryValue(machine: Machine, path: string, name: string): void {
  ifThere(machine, () => {
    machine.registry.deleteValue(`HKLM\\${path}`, name);
  });
}

/** With all below it; nothing happens where it is not there. */
export function removeRegistryKey(machine: Machine, path: string): void {
  ifThere(machine, () => {
    machine.registry.deleteKey(`HKLM\\${path}`);
  });
}

function ifThere(machine: Machine, remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof WindowsError) || error.code !== WIN32.fileNotFound) throw error;
  } finally {
    machine.hives.collectHandles();
  }
}

/** `[IO.File]::Exists` never fails: what may not be seen, or lies on a locked volume, is none. */
export function readEntryKind(machine: Machine, path: string): 'file' | 'folder' | 'none' {
  try {
    if (!machine.files.exists(path)) return 'none';
    return machine.files.get(path)?.isDirectory === true ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof WindowsError) return 'none';
    throw error;
  }
}

export function readFileLength(machine: Machine, path: string): number {
  const file = machine.files.get(path);
  if (!file || file.isDirectory) throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
  return file.size;
}

/** Of a program; the lab's Windows knows that of the VM agent. @throws WindowsError 2 where it is not there */
export function readFileVersion(machine: Machine, path: string): string {
  const { agentVersion } = machine.info;
  if (agentVersion === undefined || !/\\WindowsAzureGuestAgent\.exe$/i.test(path))
    throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
  return agentVersion;
}

const MOST_FILES = 10_000;

/** Files of a folder, counted up to 10,000. */
export function readFileCount(machine: Machine, path: string): number {
  return Math.min(MOST_FILES, machine.files.list(path).length);
}

/** Owner and the `D:` part. @throws WindowsError 5 where it may not be read, 2 or 3 where it is not there */
export function readDescriptor(machine: Machine, path: string): { Owner: string; Sddl: string } {
  const { owner } = machine.files.acl(path);
  const sddl = machine.files.sddl(path);
  return { Owner: owner, Sddl: sddl.slice(sddl.indexOf('D:')) };
}

export function writeDescriptor(machine: Machine, path: string, sddl: string): void {
  machine.files.setSddl(path, sddl.slice(sddl.indexOf('D:')));
}

export function writeOwner(machine: Machine, path: string, sid: string): void {
  machine.files.setOwner(path, sid);
}

/** With the folders above it. */
export function newFolder(machine: Machine, path: string): void {
  const parent = path.slice(0, path.lastIndexOf('\\'));
  if (parent.includes('\\') && !machine.files.exists(parent)) newFolder(machine, parent);
  machine.files.makeDirectory(path);
}

export function moveEntry(machine: Machine, from: string, to: string): void {
  machine.files.move(from, to);
}

export function copyEntry(machine: Machine, from: string, to: string): void {
  machine.files.copy(from, to);
}

/** A file, or a folder with nothing in it; nothing happens where it is not there. */
export function removeEntry(machine: Machine, path: string): void {
  if (readEntryKind(machine, path) !== 'none') machine.files.remove(path);
}

/** What the provider says so with (winerror.h): bad data, bad key state, no keyset although its file is there, bad entry. */
const DOES_NOT_OPEN: readonly number[] = [0x80090005, 0x8009000b, 0x80090016, 0x8009001a];

export function readKeyOpens(machine: Machine): { Opens: 'yes' | 'no' | 'unknown'; Code: number } {
  try {
    machine.certificates.openKey('TSSecKeySet1');
    return { Opens: 'yes', Code: 0 };
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    const code = error.code >>> 0;
    return { Opens: DOES_NOT_OPEN.includes(code) ? 'no' : 'unknown', Code: code };
  }
}

export interface SeamHandshake {
  Stage: 'connect' | 'negotiate' | 'tls' | 'done';
  /** As .NET names it: `Tls12`. */
  Protocol: string;
  /** Upper-case hex. */
  Thumbprint: string;
}

export async function readHandshake(machine: Machine, port: number): Promise<SeamHandshake> {
  const { stage, tlsVersion = '', thumbprint = '' } = await machine.network.handshake(port);
  return {
    Stage: stage,
    Protocol: tlsVersion.replace('TLSv1.', 'Tls1').replace('TLSv1', 'Tls'),
    Thumbprint: thumbprint,
  };
}

const VOLUME_BYTES = 127 * 1024 ** 3;

/** Bytes. @throws WindowsError 1005 for a volume without a file system, 3 where there is none */
export function readSpace(machine: Machine, root: string): { Free: number; Size: number } {
  // Locked and unformatted volumes refuse here.
  machine.files.peek(root);
  return { Free: machine.info.freeBytes, Size: VOLUME_BYTES };
}

export async function stopProcessTree(machine: Machine, id: number): Promise<void> {
  await machine.processes.stop(id);
}

export interface SeamSurroundings {
  Is64Bit: boolean;
  PowerShell: string;
}

export function readSurroundings({ info }: Machine): SeamSurroundings {
  return { Is64Bit: true, PowerShell: info.powerShellVersion };
}
