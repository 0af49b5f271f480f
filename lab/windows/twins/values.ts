import type { RegistryData } from '../../../shared/model/change.ts';
import type { RegistryFact } from '../../../shared/model/facts.ts';
import type { Machine } from '../machine.ts';
import { ScriptError } from './answer.ts';
import { readRegistryKey, removeRegistryValue, writeRegistryValue } from '../seam.ts';

/** What stands in a value, as the facts tell it; `null`: it is not there. */
export type Standing = Pick<RegistryFact, 'kind' | 'data'> | null;

export function readValue(machine: Machine, key: string, name: string): Standing {
  const value = readRegistryKey(machine, key, [name])?.Values[0];
  return value ? { kind: value.Kind, data: value.Data } : null;
}

/** A REG_DWORD; `undefined` for anything else. */
export function readNumber(machine: Machine, key: string, name: string): number | undefined {
  const value = readValue(machine, key, name);
  return value?.kind === 'DWord' && typeof value.data === 'number' ? value.data : undefined;
}

/** A REG_SZ or REG_EXPAND_SZ; `undefined` for anything else. */
export function readText(machine: Machine, key: string, name: string): string | undefined {
  const value = readValue(machine, key, name);
  const isText = value?.kind === 'String' || value?.kind === 'ExpandString';
  return isText && typeof value.data === 'string' ? value.data : undefined;
}

export function hasKey(machine: Machine, key: string): boolean {
  return readRegistryKey(machine, key, ['-']) !== undefined;
}

/** Refuses a kind that no tool of Windows writes. */
export function writeRaw(machine: Machine, key: string, name: string, value: Standing): void {
  if (value === null) removeRegistryValue(machine, key, name);
  else if (value.kind === 'Malformed' || value.kind === 'Other')
    throw new ScriptError('KindUnwritable', `a value of the kind ${value.kind} cannot be written`);
  else writeRegistryValue(machine, key, name, value.kind, value.data);
}

/** One value as text: numbers in decimal, lists by commas, bytes as hex; `null` where there is none. */
export function valueText(value: Standing): string | null {
  if (value === null) return null;
  return Array.isArray(value.data) ? value.data.join(',') : String(value.data);
}

/** Equal as their kind counts: numbers unsigned, texts and lists letter by letter. */
export function isSame(one: Standing, other: Standing): boolean {
  if (one === null || other === null) return one === other;
  return one.kind === other.kind && JSON.stringify(one.data) === JSON.stringify(other.data);
}

/** As `isSame`; a kind that changes have no word for is told by its bytes (`standing` of `shared/causes/look.ts`). */
export function isAsBefore(now: Standing, before: RegistryData): boolean {
  const isWordless = now !== null && ['QWord', 'Malformed', 'Other'].includes(now.kind);
  return isSame(now, before) || (isWordless && before?.kind === 'Binary' && now.data === before.data);
}
