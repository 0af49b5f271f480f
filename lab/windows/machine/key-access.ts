import type { KeyRefusal } from '../disk.ts';
import { SOFTWARE_HIVE, SYSTEM_HIVE } from '../boot/loader.ts';
import { fileAt } from '../volume.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';

/** Refusals of Windows' own hives, or of a loaded one, by the hive's lower-case name under HKLM. */
function refusalsOf({ volume, hives }: Running, root: string): Readonly<Record<string, KeyRefusal>> {
  const path = { system: SYSTEM_HIVE, software: SOFTWARE_HIVE }[root];
  const file = path === undefined ? hives.get(root)?.file : fileAt(volume, path);
  return file?.keyRefusals ?? {};
}

/**
 * Throws error 5 when the permissions of the key, or of one above it, refuse the account; SYSTEM and
 * administrators are refused alike. A key with refused keys below it cannot be deleted either.
 */
export function requireKeyAccess(
  running: Running,
  { root, path }: { root: string; path: string },
  right: 'read' | 'write' | 'delete',
): void {
  const wanted = path.toLowerCase();
  const isRefused = Object.entries(refusalsOf(running, root)).some(([key, refusal]) => {
    const refused = key.toLowerCase();
    const isWithin = wanted === refused || wanted.startsWith(`${refused}\\`);
    const isAbove = right === 'delete' && refused.startsWith(`${wanted}\\`);
    return (isWithin && (refusal === 'all' || right !== 'read')) || isAbove;
  });
  if (isRefused) throw new WindowsError(WIN32.accessDenied, `access to the key ${path} is denied`);
}
