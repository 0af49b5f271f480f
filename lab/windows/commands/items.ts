import type { Machine } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { certificateAt, certificateItems, parseCertificatePath, removeCertificate } from './certificates.ts';
import { isSet, optionalText, textOf, type CommandSet, type Output } from './command.ts';
import { kindOf, property, registryValue, single } from './registry-items.ts';

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
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, property(name, value)]));
    },
    /** `GetValue` of an opened key, with its kind. */
    'Get-RegistryValue': (machine, args) => {
      const value = machine.registry.get(registryKey(textOf(args, 'path')), textOf(args, 'name'));
      return value && { kind: kindOf(value), value: single(value, isSet(args, 'unexpanded')) };
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
  return machine.files.testPath(path);
}

function children(machine: Machine, path: string): Output {
  const certificate = parseCertificatePath(path);
  if (certificate) return certificateItems(machine, certificate);
  if (isRegistry(path)) {
    const key = registryKey(path);
    if (!machine.registry.exists(key)) throw notFound(path);
    return machine.registry.subkeys(key).map((name) => keyItem(machine, `${key}\\${name}`));
  }
  if (machine.files.get(path)?.isDirectory === false) return [item(machine, path)];
  if (!machine.files.exists(path)) throw notFound(path);
  return machine.files.list(path).map((name) => item(machine, `${path.replace(/\\$/, '')}\\${name}`));
}

function item(machine: Machine, path: string): Output {
  if (isRegistry(path)) {
    const key = registryKey(path);
    if (!machine.registry.exists(key)) throw notFound(path);
    return keyItem(machine, key);
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

/** Names of values and keys only where the key may be read. */
function keyItem({ registry }: Machine, key: string): Output {
  const names = (): { values: string[]; subkeys: string[] } => {
    try {
      return { values: Object.keys(registry.values(key) ?? {}), subkeys: registry.subkeys(key) };
    } catch (error) {
      if (error instanceof WindowsError) return { values: [], subkeys: [] };
      throw error;
    }
  };
  const { values, subkeys } = names();
  return {
    PSChildName: key.slice(key.lastIndexOf('\\') + 1),
    Name: key,
    ValueNames: values,
    SubKeyNames: subkeys,
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
