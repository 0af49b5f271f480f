import type { RegistryValue } from '../disk.ts';
import { expand } from '../environment.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { bytes, numberOf, type Output } from './command.ts';

/** COR_E_INVALIDCAST */
export const BAD_CAST = 0x80004002;

/** As PowerShell's registry provider makes a property of a value: it throws where a number's bytes are not as many as they should be. */
export function property(name: string, value: RegistryValue): Output {
  if (value.type === 'malformed') throw new WindowsError(BAD_CAST, `Specified cast is not valid (${name}).`);
  return single(value, false);
}

/** As .NET gives one value: by the number of its bytes, whatever its type says. */
export function single(value: RegistryValue, unexpanded: boolean): Output {
  switch (value.type) {
    case 'REG_DWORD':
      return { $dword: value.value };
    case 'REG_QWORD':
      return { $qword: value.value };
    case 'REG_BINARY':
      return bytes(value.value);
    case 'REG_EXPAND_SZ':
      return unexpanded ? value.value : expand(value.value);
    case 'REG_MULTI_SZ':
      return { $texts: value.value };
    case 'malformed':
      return malformed(value.value);
    default:
      return value.value;
  }
}

function malformed(hex: string): Output {
  const content = Buffer.from(hex, 'hex');
  if (content.length > 8) return bytes(hex);
  const whole = Buffer.concat([content, Buffer.alloc(8 - content.length)]).readBigUInt64LE();
  return content.length > 4 ? { $qword: Number(whole) } : { $dword: Number(whole) };
}

/** `RegistryValueKind`. */
export function kindOf({ type, ...value }: RegistryValue): string {
  const declared = 'declared' in value ? value.declared : type;
  const kinds: Readonly<Record<string, string>> = {
    REG_DWORD: 'DWord',
    REG_QWORD: 'QWord',
    REG_SZ: 'String',
    REG_EXPAND_SZ: 'ExpandString',
    REG_MULTI_SZ: 'MultiString',
    REG_BINARY: 'Binary',
  };
  return kinds[declared] ?? 'Unknown';
}

/** What `New-ItemProperty` writes. */
export function registryValue(type: string, value: unknown): RegistryValue {
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
