import { scopeLocked } from '../errors.ts';
import type { Method } from '../http.ts';
import { isWithin } from '../store/resource-id.ts';
import type { Store } from '../store/store.ts';

/** Locks, rights and roles are changed whatever is locked: a ReadOnly lock would never come off otherwise. */
const AUTHORIZATION = /\/providers\/Microsoft\.Authorization\/[^/]+(\/[^/]+)?$/i;

/**
 * Refuses what a lock on the resource or on a scope above it forbids: ReadOnly every change, actions (POST)
 * included; CanNotDelete every DELETE.
 * @throws ArmError 409 ScopeLocked
 */
export function refuseLocked(store: Store, method: Method, path: string, target: string): void {
  if (method === 'GET' || method === 'HEAD' || AUTHORIZATION.test(path)) return;
  const deed = method === 'DELETE' ? 'delete' : 'write';
  const locks = store.locks
    .within('/')
    .filter(({ scope, level }) => isWithin(target, scope) && (level === 'ReadOnly' || deed === 'delete'));
  if (locks.length > 0) throw scopeLocked(target, deed, [...new Set(locks.map(({ scope }) => scope))]);
}
