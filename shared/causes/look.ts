import type { RegistryChange, RegistryData } from '../model/change.ts';
import type { Facts, RegistryFact, RegistryKeyFact, ServiceFact } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { Look, RegistryDomain } from './cause.ts';

/** A key as the query found it; one that is not in the facts at all counts as unread. */
export function keyOf(facts: Facts, set: string, path: string): RegistryKeyFact | undefined {
  const hive = set === '' ? 'software' : 'system';
  const wanted = path.toLowerCase();
  return facts.registry.find(
    (key) => key.hive === hive && key.set === set && key.path.toLowerCase() === wanted,
  );
}

/** A value; `undefined` where it, or its key, is not there or could not be read. `set` is '' for the SOFTWARE hive. */
export function valueOf(facts: Facts, set: string, path: string, name: string): RegistryFact | undefined {
  const wanted = name.toLowerCase();
  return keyOf(facts, set, path)?.values.find((value) => value.name.toLowerCase() === wanted);
}

/** A REG_DWORD as an unsigned number; `undefined` for anything else. */
export function numberOf(facts: Facts, set: string, path: string, name: string): number | undefined {
  const value = valueOf(facts, set, path, name);
  return value?.kind === 'DWord' && typeof value.data === 'number' ? value.data : undefined;
}

/** A REG_SZ or REG_EXPAND_SZ, unexpanded; `undefined` for anything else. */
export function textOf(facts: Facts, set: string, path: string, name: string): string | undefined {
  const value = valueOf(facts, set, path, name);
  const isText = value?.kind === 'String' || value?.kind === 'ExpandString';
  return isText && typeof value.data === 'string' ? value.data : undefined;
}

/** A REG_MULTI_SZ, or a REG_SZ split at commas, as suite lists are kept in both; `undefined` where it does not exist. */
export function listOf(facts: Facts, set: string, path: string, name: string): string[] | undefined {
  const value = valueOf(facts, set, path, name);
  if (value?.kind === 'MultiString' && Array.isArray(value.data)) return value.data.flatMap(atCommas);
  const text = textOf(facts, set, path, name);
  return text === undefined ? undefined : atCommas(text);
}

function atCommas(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function serviceOf(facts: Facts, name: string): ServiceFact | undefined {
  return facts.services.items.find((service) => service.name.toLowerCase() === name.toLowerCase());
}

/** Which control set a change is to name: a running Windows has only its current one. */
export function setForChange(facts: Facts, set: string): string {
  return facts.scope === 'online' ? 'CurrentControlSet' : set;
}

/** What stands in a value now, in the words of a change. */
export function standing(facts: Facts, set: string, path: string, name: string): RegistryData {
  const value = valueOf(facts, set, path, name);
  if (!value) return null;
  const { kind, data } = value;
  if (kind === 'DWord' && typeof data === 'number') return { kind, data };
  if ((kind === 'String' || kind === 'ExpandString') && typeof data === 'string') return { kind, data };
  if (kind === 'MultiString' && Array.isArray(data)) return { kind, data };
  // A malformed value is overwritten for what its bytes are.
  return typeof data === 'string' ? { kind: 'Binary', data } : null;
}

/** A change of one value of a cause's domain, in one control set ('' for SOFTWARE); none where it stands already. */
export function setValue(
  facts: Facts,
  set: string,
  { hive, path, name }: RegistryDomain,
  after: RegistryData,
): RegistryChange[] {
  const before = standing(facts, set, path, name);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    { do: 'registry', hive, set: set === '' ? '' : setForChange(facts, set), path, name, before, after },
  ];
}

/** The same by hand, where nothing has been read: of the current control set, from the faulty value to the right one. */
export function fixedValue(
  { hive, path, name }: RegistryDomain,
  before: RegistryData,
  after: RegistryData,
): RegistryChange {
  return { do: 'registry', hive, set: 'CurrentControlSet', path, name, before, after };
}

export function dword(data: number): RegistryData {
  return { kind: 'DWord', data };
}

/** Which control set a finding speaks of: only offline there is more than one. */
export function inSet({ facts }: Look, set: string): Finding['data'] {
  return facts.scope === 'offline' ? { controlSet: set } : {};
}

/** Each control set that counts, judged on its own. */
export function eachSet<Found>({ facts }: Look, judge: (set: string) => Found[]): Found[] {
  return facts.sets.flatMap(judge);
}
