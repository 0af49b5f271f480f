import type { Facts } from '../../../../shared/model/facts.ts';
import type { Machine } from '../../machine.ts';
import { readEntryKind, readFileVersion, readRegistryKey, readSpace } from '../../seam.ts';
import type { Reading } from '../facts.ts';
import { currentSetKey, textValue, valueAt } from '../opened-windows.ts';

/** Languages of the lab, by their number. */
const CULTURES: Readonly<Record<string, string>> = { '0407': 'de-DE', '0409': 'en-US' };

export async function readWindowsFact({ machine, windows, facts, part }: Reading): Promise<void> {
  const { software, root } = windows;
  const set = currentSetKey(windows);
  const version = `${software}\\Microsoft\\Windows NT\\CurrentVersion`;
  const fact = facts.windows;
  const take = (name: keyof Facts['windows'], read: () => void): Promise<void> =>
    part(`windows.${name}`, read);
  fact.powerShell = machine.info.powerShellVersion;
  await take('name', () => {
    fact.name = textValue(machine, version, 'ProductName').slice(0, 256);
  });
  await take('build', () => {
    const build = textValue(machine, version, 'CurrentBuildNumber');
    if (/^[0-9]{1,6}$/.test(build)) fact.build = Number(build);
  });
  await take('language', () => {
    fact.language = CULTURES[textValue(machine, `${set}\\Control\\Nls\\Language`, 'InstallLanguage')] ?? '';
  });
  await take('computer', () => {
    const key = `${set}\\Control\\ComputerName\\ComputerName`;
    fact.computer = textValue(machine, key, 'ComputerName').slice(0, 64);
  });
  await take('domain', () => {
    fact.domain = textValue(machine, `${set}\\Services\\Tcpip\\Parameters`, 'Domain').slice(0, 256);
  });
  await take('machineGuid', () => {
    fact.machineGuid = machineGuid(machine, software).slice(0, 64);
  });
  await take('updatesPending', () => {
    const servicing = `${software}\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending`;
    fact.updatesPending =
      readRegistryKey(machine, servicing, ['-']) !== undefined ||
      readEntryKind(machine, `${root}\\Windows\\WinSxS\\pending.xml`) === 'file';
  });
  if (windows.scope === 'online')
    await take('agent', () => {
      fact.agent = agentVersion(machine, set).slice(0, 64);
    });
}

function agentVersion(machine: Machine, set: string): string {
  const image = textValue(machine, `${set}\\Services\\WindowsAzureGuestAgent`, 'ImagePath');
  if (image === '') return '';
  return readFileVersion(machine, /^"([^"]+)"/.exec(image)?.[1] ?? image);
}

export function machineGuid(machine: Machine, software: string): string {
  return textValue(machine, `${software}\\Microsoft\\Cryptography`, 'MachineGuid');
}

export function readSpaceFact({ machine, windows }: Reading): Facts['space'] {
  const { Free, Size } = readSpace(machine, `${windows.root}\\`);
  return { free: String(Free), size: String(Size) };
}

/** Seconds ahead of the host, whose answer has whole seconds; .NET rounds a half to the even number. */
export function readClock({ info }: Machine): number {
  const seconds = (info.now() - Math.floor(info.hostTime() / 1_000) * 1_000) / 1_000;
  const below = Math.floor(seconds);
  return seconds - below === 0.5 ? below + Math.abs(below % 2) : Math.round(seconds);
}

export function readOwed({ machine, windows }: Reading): string[] {
  const value = valueAt(machine, `${windows.software}\\RDP Medic\\Owed`, 'owed');
  if (value?.Kind !== 'MultiString' || !Array.isArray(value.Data)) return [];
  return value.Data.slice(0, 32).map((word) => word.slice(0, 256));
}
