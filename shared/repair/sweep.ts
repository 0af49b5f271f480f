import type { Sweepable } from '../model/sweep.ts';
import { deletionOrder } from './deletion-order.ts';

/** Roles of what outlives its remediation on purpose, as the way back, until it expires. */
const KEPT_ROLES = ['snapshot', 'original-disk'];

/** The original disk keeps the name it always had, and a run command is called after its script. */
const NAMED_OTHERWISE = ['original-disk', 'run-command'];

/** How long intake remembers messages, answers and followers, in days. */
export const INTAKE_DAYS = 30;

/**
 * What becomes of a resource with our tags:
 * - `delete`;
 * - `keep`: it is where it should be, and nobody needs to be told;
 * - `leave`: it is no longer wanted, and yet must not be touched: a person should know why.
 */
export type Fate = { readonly fate: 'delete' | 'keep' } | { readonly fate: 'leave'; readonly why: string };

/**
 * Whether the janitor may delete a resource. Whatever is in doubt stays.
 * @param now milliseconds since the epoch
 * @param running ids of the remediations that the durable engine runs, asked *after* the resource was listed: one
 * that made the resource and is not running now is over, and nobody else will clean up after it
 */
export function fateOf(resource: Omit<Sweepable, 'id'>, now: number, running: ReadonlySet<string>): Fate {
  const { role, remediationId, usedBy } = resource;
  if (running.has(remediationId)) return { fate: 'keep' };
  const isCopy = KEPT_ROLES.includes(role);
  if (!isCopy && deletionOrder([resource], KEPT_ROLES).length === 0)
    return leave(`its role "${role}" is none that is swept`);
  if (!resource.ownName && !NAMED_OTHERWISE.includes(role))
    return leave('its name is none that a remediation gives: the tags were copied');
  if (isCopy && !isPast(resource.expiresAt, now)) return { fate: 'keep' };
  if (usedBy !== null) return leave(`it is in use by ${usedBy}`);
  // After an interrupted rebuild there is no VM, and this is all that is left of it.
  if (isCopy && !resource.vmExists)
    return leave('it has expired, but its VM is gone and this may be its last copy');
  return { fate: 'delete' };
}

function leave(why: string): Fate {
  return { fate: 'leave', why };
}

/** False for what is no moment: without a date nothing has expired. */
function isPast(moment: string, now: number): boolean {
  return Date.parse(moment) < now;
}
