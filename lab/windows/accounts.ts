import { createHash } from 'node:crypto';
import type { Hive, Sid } from './disk.ts';
import type { ScriptRun } from './guest.ts';
import { hiveText } from './hive.ts';
import type { Running } from './machine/running.ts';
import { DISABLED, serviceDefinition } from './services/definition.ts';

const USERS = 'SAM\\Domains\\Account\\Users\\Names';

/** Of a local account; `undefined` when there is none of that name, or it has no password. */
export function passwordHashOf(sam: Hive, user: string): string | undefined {
  return hiveText(sam, `${USERS}\\${user}`, 'PasswordHash');
}

/** How the lab's SAM keeps a password. */
export function passwordHash(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/**
 * Logs a local account on, which Run Command does through the Secondary Logon service.
 * Returns its SID (ending in `:name`, so that another machine can know it by name), or `undefined`.
 */
export function authenticate(
  running: Running,
  { user, password }: NonNullable<ScriptRun['runAs']>,
): Sid | undefined {
  // Manual is enough: the request itself starts it.
  const secondaryLogon = serviceDefinition(running.system, running.controlSet, 'seclogon');
  if (!running.sam || (secondaryLogon?.start ?? DISABLED) === DISABLED) return undefined;
  const name = user.replace(/^\.\\/, '');
  const expected = passwordHashOf(running.sam, name);
  return expected === passwordHash(password) ? `S-1-5-21-500:${name}` : undefined;
}
