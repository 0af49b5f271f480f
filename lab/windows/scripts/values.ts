import type { RegistryValue } from '../disk.ts';
import { expand } from '../environment.ts';

/** `HKLM\…` as PowerShell's registry drive spells it. */
export function drivePath(key: string): string {
  return key.replace(/^HKLM\\/, 'HKLM:\\');
}

/** What PowerShell reads of a value: DWORDs are signed, REG_EXPAND_SZ is expanded, binary is lower-case hex here. */
export function readValue(value: RegistryValue): string | number | string[] {
  switch (value.type) {
    case 'REG_DWORD':
      return value.value | 0;
    case 'REG_EXPAND_SZ':
      return expand(value.value);
    default:
      return value.value;
  }
}

/** A value as the result line shows it; `null` when it is not there. */
export function valueText(value: RegistryValue | undefined): string | null {
  if (!value) return null;
  const read = readValue(value);
  return Array.isArray(read) ? read.join(',') : String(read);
}

export function dword(value: number): RegistryValue {
  return { type: 'REG_DWORD', value: value >>> 0 };
}

export function text(value: string): RegistryValue {
  return { type: 'REG_SZ', value };
}
