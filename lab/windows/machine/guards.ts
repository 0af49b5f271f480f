import { storeKey } from '../certificates/store.ts';
import { isRunning } from '../services/state.ts';
import { serviceDefinitions } from '../services/definition.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';

/**
 * A security product's filter may keep every local program, SYSTEM's too, from deleting in a certificate store,
 * while Remote Registry's requests pass it by: why the runbook knows deleting from a peer. Throws error 5 then.
 * @param softwarePath key below the SOFTWARE hive's root
 */
export function requireUnguarded(running: Running, softwarePath: string): void {
  const path = softwarePath.toLowerCase();
  for (const { name, guardsStore } of serviceDefinitions(running.system, running.controlSet)) {
    if (guardsStore === undefined || !isRunning(running, name)) continue;
    const guarded = storeKey(guardsStore).toLowerCase();
    if (path === guarded || path.startsWith(`${guarded}\\`))
      throw new WindowsError(WIN32.accessDenied, `access to the store ${guardsStore} is denied (${name})`);
  }
}
