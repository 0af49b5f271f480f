import { same } from '../lookup.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';

export function hasProgram({ osDisk }: Pick<Running, 'osDisk'>, name: string): boolean {
  return osDisk.quirks?.missingPrograms?.some((missing) => same(missing, name)) !== true;
}

/** Error 2 when the program is gone. */
export function requireProgram(running: Pick<Running, 'osDisk'>, name: string): void {
  if (!hasProgram(running, name)) throw new WindowsError(WIN32.fileNotFound, `there is no ${name}`);
}
