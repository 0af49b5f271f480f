import type { RegistryData } from '../../../shared/model/change.ts';
import type { RegistryFact } from '../../../shared/model/facts.ts';
import type { RegistryValue } from '../disk.ts';
import type { Machine } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';

/** What stands in a value, as the facts tell it; `null`: it is not there. */
export type Standing = Pick<RegistryFact, 'kind' | 'data'> | null;

export function readValue({ registry }: Machine, key: string, name: string): Standing {
  const value = registry.get(`HKLM\\${key}`, name);
  return value ? standingOf(value) : null;
}

function standingOf(value: RegistryValue): NonNullable<Standing> {
  switch (value.type) {
    case 'REG_DWORD':
      return { kind: 'DWord', data: value.value >>> 0 };
    case 'REG_QWORD':
      return { kind: 'QWord', data: String(value.value) };
    case 'REG_SZ':
      return { kind: 'String', data: value.value };
    case 'REG_EXPAND_SZ':
      return { kind: 'ExpandString', data: value.value };
    case 'REG_MULTI_SZ':
      return { kind: 'MultiString', data: value.value };
    case 'REG_BINARY':
      return { kind: 'Binary', data: value.value };
    case 'malformed':
      return { kind: 'Malformed', data: value.value };
  }
}

/** Error 87 for a kind that no tool of Windows writes. */
export function writeRaw({ registry }: Machine, key: string, name: string, value: Standing): void {
  const path = `HKLM\\${key}`;
  if (value === null) registry.deleteValue(path, name);
  else registry.set(path, name, toRegistry(value));
}

function toRegistry({ kind, data }: NonNullable<Standing>): RegistryValue {
  if (kind === 'DWord' && typeof data === 'number') return { type: 'REG_DWORD', value: data };
  if (kind === 'QWord') return { type: 'REG_QWORD', value: Number(data) };
  if (kind === 'MultiString' && Array.isArray(data)) return { type: 'REG_MULTI_SZ', value: data };
  if (typeof data === 'string') {
    if (kind === 'String') return { type: 'REG_SZ', value: data };
    if (kind === 'ExpandString') return { type: 'REG_EXPAND_SZ', value: data };
    if (kind === 'Binary') return { type: 'REG_BINARY', value: data };
  }
  throw new WindowsError(WIN32.invalidParameter, `a value of the kind ${kind} cannot be written`);
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
