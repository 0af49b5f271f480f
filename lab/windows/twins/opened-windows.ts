import type { Machine } from '../machine.ts';
import { readRegistryKey, type SeamValue } from '../seam.ts';

/** Where things are in the Windows that is read or changed: `New-Windows` of `guest/lib/disk-session.ps1`. */
export interface OpenedWindows {
  readonly scope: 'online' | 'offline';
  /** Keys below HKLM. */
  readonly system: string;
  readonly software: string;
  /** `F:`. */
  root: string;
  /** The control sets that count, the current one first. */
  sets: string[];
  /** Path of the BCD file; empty: this machine's own, or none. */
  bootStore: string;
  /** Every Windows on the disk; empty on a running one. */
  installations: { partition: number; chosen: boolean }[];
}

/** `Get-RunningWindows`. */
export function runningWindows(machine: Machine): OpenedWindows {
  const windows: OpenedWindows = {
    scope: 'online',
    system: 'SYSTEM',
    software: 'SOFTWARE',
    root: 'C:',
    sets: [],
    bootStore: '',
    installations: [],
  };
  const root = textValue(machine, 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'SystemRoot');
  if (/^[A-Za-z]:/.test(root)) windows.root = root.slice(0, 2);
  windows.sets = [setName(selectedSet(machine, windows, 'Current'))];
  return windows;
}

/** Key of a control set: the running one under the name that Windows follows. */
export function setKey({ scope, system }: OpenedWindows, set: string): string {
  return `${system}\\${scope === 'online' ? 'CurrentControlSet' : set}`;
}

/** Key of the set that is in use. */
export function currentSetKey(windows: OpenedWindows): string {
  return setKey(windows, windows.sets[0] ?? '');
}

export function setName(number: number): string {
  return `ControlSet${String(number).padStart(3, '0')}`;
}

/** 0 where `Select` does not say. */
export function selectedSet(machine: Machine, { system }: OpenedWindows, name: string): number {
  const number = numberValue(machine, `${system}\\Select`, name);
  return number !== undefined && number <= 999 ? number : 0;
}

export function valueAt(machine: Machine, path: string, name: string): SeamValue | undefined {
  return readRegistryKey(machine, path, [name])?.Values[0];
}

/** A REG_DWORD; `undefined` for anything else. */
export function numberValue(machine: Machine, path: string, name: string): number | undefined {
  const value = valueAt(machine, path, name);
  return value?.Kind === 'DWord' && typeof value.Data === 'number' ? value.Data : undefined;
}

/** A REG_SZ or REG_EXPAND_SZ; empty for anything else. */
export function textValue(machine: Machine, path: string, name: string): string {
  const value = valueAt(machine, path, name);
  const isText = value?.Kind === 'String' || value?.Kind === 'ExpandString';
  return isText && typeof value.Data === 'string' ? value.Data : '';
}

export const RDP_TCP = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';

/** The number the listener is set to, whether or not it can be one. */
export function rdpPort(machine: Machine, windows: OpenedWindows): number {
  return numberValue(machine, `${currentSetKey(windows)}\\${RDP_TCP}`, 'PortNumber') ?? 3389;
}
