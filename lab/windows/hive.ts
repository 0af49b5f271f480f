import type { Hive, RegistryValue } from './disk.ts';
import { childNames, lookUp, spelling } from './lookup.ts';

/** Values of a key of a hive; a key exists too when only keys below it are written down. */
export function hiveValues(hive: Hive, key: string): Record<string, RegistryValue> | undefined {
  return lookUp(hive, key) ?? (hiveSubkeys(hive, key).length > 0 ? {} : undefined);
}

export function hiveValue(hive: Hive, key: string, name: string): RegistryValue | undefined {
  const values = lookUp(hive, key);
  return values && lookUp(values, name);
}

/** A REG_DWORD or REG_QWORD; `undefined` for anything else. */
export function hiveNumber(hive: Hive, key: string, name: string): number | undefined {
  const value = hiveValue(hive, key, name);
  return value?.type === 'REG_DWORD' || value?.type === 'REG_QWORD' ? value.value : undefined;
}

/** A REG_SZ or REG_EXPAND_SZ, unexpanded; `undefined` for anything else. */
export function hiveText(hive: Hive, key: string, name: string): string | undefined {
  const value = hiveValue(hive, key, name);
  return value?.type === 'REG_SZ' || value?.type === 'REG_EXPAND_SZ' ? value.value : undefined;
}

/** A REG_MULTI_SZ, or the one REG_SZ as a list; empty when missing. */
export function hiveList(hive: Hive, key: string, name: string): string[] {
  const value = hiveValue(hive, key, name);
  if (value?.type === 'REG_MULTI_SZ') return value.value;
  return value?.type === 'REG_SZ' && value.value !== '' ? [value.value] : [];
}

export function hiveSubkeys(hive: Hive, key: string): string[] {
  return childNames(Object.keys(hive), key);
}

/** Creates the key if need be. */
export function ensureKey(hive: Hive, key: string): Record<string, RegistryValue> {
  const existing = lookUp(hive, key);
  if (existing) return existing;
  const created: Record<string, RegistryValue> = {};
  hive[key] = created;
  return created;
}

export function setHiveValue(hive: Hive, key: string, name: string, value: RegistryValue): void {
  const values = ensureKey(hive, key);
  values[spelling(values, name) ?? name] = structuredClone(value);
}

/** Returns whether it was there. */
export function deleteHiveValue(hive: Hive, key: string, name: string): boolean {
  const values = lookUp(hive, key);
  const spelled = values && spelling(values, name);
  if (!values || spelled === undefined) return false;
  Reflect.deleteProperty(values, spelled);
  return true;
}

/** Deletes the key and everything below it; returns whether there was anything. */
export function deleteHiveKey(hive: Hive, key: string): boolean {
  const whole = key.toLowerCase();
  const doomed = Object.keys(hive).filter(
    (path) => path.toLowerCase() === whole || path.toLowerCase().startsWith(`${whole}\\`),
  );
  for (const path of doomed) Reflect.deleteProperty(hive, path);
  return doomed.length > 0;
}
