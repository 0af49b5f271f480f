import type { RegistryValue } from '../disk.ts';
import { expand } from '../environment.ts';
import type { Machine } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { certificateAt, certificateItems, parseCertificatePath, removeCertificate } from './certificates.ts';
import { bytes, isSet, numberOf, optionalText, textOf, type CommandSet, type Output } from './command.ts';

/**
 * The item cmdlets over three providers, told apart by the path: `HKLM:\…` (registry), `Cert:\…` and
 * `C:\…` (file system).
 */
export const itemCommands: CommandSet = {
  commands: {
    'Test-Path': (machine, args) => exists(machine, textOf(args, 'path')),
    'Get-ChildItem': (machine, args) => children(machine, textOf(args, 'path')),
    'Get-Item': (machine, args) => item(machine, textOf(args, 'path')),
    'New-Item': (machine, args) => {
      const path = textOf(args, 'path');
      if (isRegistry(path)) machine.registry.create(registryKey(path));
      else if (optionalText(args, 'itemType')?.toLowerCase() === 'directory') makeDirectories(machine, path);
      else machine.files.writeText(path, optionalText(args, 'value') ?? '');
      return item(machine, path);
    },
    'Remove-Item': (machine, args) => {
      const path = textOf(args, 'path');
      const certificate = parseCertificatePath(path);
      if (isRegistry(path)) machine.registry.deleteKey(registryKey(path));
      else if (certificate) removeCertificate(machine, certificate);
      else removeFile(machine, path, isSet(args, 'recurse'));
    },
    'Move-Item': (machine, args) => {
      machine.files.move(textOf(args, 'path'), textOf(args, 'destination'));
    },
    'Copy-Item': (machine, args) => {
      machine.files.copy(textOf(args, 'path'), textOf(args, 'destination'));
    },
    'Get-Content': (machine, args) => machine.files.readText(textOf(args, 'path')).split(/\r?\n/),
    'Get-ItemProperty': (machine, args) => {
      const key = registryKey(textOf(args, 'path'));
      const values = machine.registry.values(key);
      if (!values) throw new WindowsError(WIN32.fileNotFound, `there is no key ${key}`);
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)]));
    },
    'Set-ItemProperty': (machine, args) => {
      const value = registryValue(textOf(args, 'type'), args['value'] ?? '');
      machine.registry.set(registryKey(textOf(args, 'path')), textOf(args, 'name'), value);
    },
    'Remove-ItemProperty': (machine, args) => {
      machine.registry.deleteValue(registryKey(textOf(args, 'path')), textOf(args, 'name'));
    },
  },
};

const REGISTRY = /^(?:Registry::|Microsoft\.PowerShell\.Core\\Registry::)?(?:HKLM:?|HKEY_LOCAL_MACHINE)\\/i;

function isRegistry(path: string): boolean {
  return REGISTRY.test(path);
}

/** `HKLM:\…` as the machine wants it. */
function registryKey(path: string): string {
  return path.replace(REGISTRY, 'HKLM\\');
}

function exists(machine: Machine, path: string): boolean {
  const certificate = parseCertificatePath(path);
  if (isRegistry(path)) return machine.registry.exists(registryKey(path));
  if (certificate) return certificateAt(machine, certificate);
  return machine.files.exists(path);
}

function children(machine: Machine, path: string): Output {
  const certificate = parseCertificatePath(path);
  if (certificate) return certificateItems(machine, certificate);
  if (isRegistry(path)) {
    const key = registryKey(path);
    if (!machine.registry.exists(key)) throw notFound(path);
    return machine.registry.subkeys(key).map((name) => ({ PSChildName: name, Name: `${key}\\${name}` }));
  }
  if (machine.files.get(path)?.isDirectory === false) return [item(machine, path)];
  if (!machine.files.exists(path)) throw notFound(path);
  return machine.files.list(path).map((name) => item(machine, `${path.replace(/\\$/, '')}\\${name}`));
}

function item(machine: Machine, path: string): Output {
  if (isRegistry(path)) {
    const key = registryKey(path);
    if (!machine.registry.exists(key)) throw notFound(path);
    return { PSChildName: key.slice(key.lastIndexOf('\\') + 1), Name: key };
  }
  const file = machine.files.get(path);
  const version = machine.info.agentVersion;
  if (/\\WindowsAzureGuestAgent\.exe$/i.test(path) && version !== undefined) {
    return { FullName: path, Name: 'WindowsAzureGuestAgent.exe', VersionInfo: { ProductVersion: version } };
  }
  if (!file) throw notFound(path);
  return {
    FullName: file.path,
    Name: file.name,
    Length: file.isDirectory ? null : file.size,
    PSIsContainer: file.isDirectory,
  };
}

/** With the folders above it, as PowerShell does. */
function makeDirectories(machine: Machine, path: string): void {
  const parent = path.slice(0, path.lastIndexOf('\\'));
  if (parent.includes('\\') && !machine.files.exists(parent)) makeDirectories(machine, parent);
  machine.files.makeDirectory(path);
}

function removeFile(machine: Machine, path: string, recurse: boolean): void {
  if (recurse && machine.files.get(path)?.isDirectory === true) {
    for (const name of machine.files.list(path)) removeFile(machine, `${path}\\${name}`, true);
  }
  machine.files.remove(path);
}

function notFound(path: string): WindowsError {
  return new WindowsError(WIN32.fileNotFound, `there is no item ${path}`);
}

/** As PowerShell's registry provider types a value. */
function typed(value: RegistryValue): Output {
  switch (value.type) {
    case 'REG_DWORD':
      return value.value | 0;
    case 'REG_BINARY':
      return bytes(value.value);
    case 'REG_EXPAND_SZ':
      return expand(value.value);
    case 'REG_MULTI_SZ':
      return { $texts: value.value };
    default:
      return value.value;
  }
}

function registryValue(type: string, value: unknown): RegistryValue {
  switch (type.toLowerCase()) {
    case 'dword':
      return { type: 'REG_DWORD', value: numberOf({ value: Number(value) }, 'value') >>> 0 };
    case 'qword':
      return { type: 'REG_QWORD', value: Number(value) };
    case 'expandstring':
      return { type: 'REG_EXPAND_SZ', value: String(value) };
    case 'multistring':
      return { type: 'REG_MULTI_SZ', value: [value].flat().map(String) };
    case 'binary':
      return { type: 'REG_BINARY', value: [value].flat().map(hexByte).join('') };
    case 'string':
      return { type: 'REG_SZ', value: String(value) };
    default:
      throw new WindowsError(WIN32.invalidParameter, `no registry type ${type}`);
  }
}

function hexByte(value: unknown): string {
  return (Number(value) & 0xff).toString(16).padStart(2, '0');
}
