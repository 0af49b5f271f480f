import { readEntryKind, readRegistryKey } from '../seam.ts';
import { readCertificate, STORES } from './certificates.ts';
import { RDP_TCP, setKey } from './opened-windows.ts';
import type { Run } from './run.ts';
import { readText, readValue } from './values.ts';

/** Where RDP's keys lie. Twin of `guest/lib/key-files.ps1`. */
export function keyFolder({ windows }: Run): string {
  return `${windows.root}\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys`;
}

/** Container TSSecKeySet1: the file's name is its hash and the machine's GUID. */
export function rdpKeyPath(run: Run): string {
  const guid = readText(run.machine, `${run.windows.software}\\Microsoft\\Cryptography`, 'MachineGuid') ?? '';
  return `${keyFolder(run)}\\f686aace6942fb7f7ceb231212eef4a4_${guid}`;
}

/** Key of the certificate bound to the listener; '' where none is bound, or its file cannot be told. */
export function boundKeyPath(run: Run): string {
  const { machine, windows } = run;
  const thumbprint = windows.sets
    .map((set) => readValue(machine, `${setKey(windows, set)}\\${RDP_TCP}`, 'SSLCertificateSHA1Hash'))
    .find((value) => value?.kind === 'Binary')?.data;
  if (typeof thumbprint !== 'string') return '';
  for (const store of [STORES.my, STORES.remoteDesktop]) {
    const key = `${windows.software}\\${store}\\${thumbprint.toUpperCase()}`;
    if (!readRegistryKey(machine, key, ['-'])) continue;
    const file = readCertificate(machine, key)?.keyFile ?? '';
    return file === '' ? '' : `${keyFolder(run)}\\${file}`;
  }
  return '';
}

export function hasFile({ machine }: Run, path: string): boolean {
  return readEntryKind(machine, path) === 'file';
}
