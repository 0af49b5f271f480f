import type { GuestFile } from '../disk.ts';
import { fileAt } from '../volume.ts';
import { SAM_HIVE, SOFTWARE_HIVE, SYSTEM_HIVE } from '../boot/loader.ts';
import type { Running } from './running.ts';

/** Whether a registry has the file open: Windows' own hives, and those loaded. */
export function isInUse(running: Running, file: GuestFile): boolean {
  const own = [SYSTEM_HIVE, SOFTWARE_HIVE, SAM_HIVE].some((path) => fileAt(running.volume, path) === file);
  return own || [...running.hives.values()].some((loaded) => loaded.file === file);
}
