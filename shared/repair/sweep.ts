import { momentOfRemediation } from '../model/remediation-id.ts';
import type { Kept, Sweepable } from '../model/sweep.ts';
import { deletionOrder } from './deletion-order.ts';

/** Roles of what outlives its remediation on purpose, as the way back, until it expires. */
export const KEPT_ROLES = ['snapshot', 'original-disk'];

/** The original disk keeps the name it always had: a record has to name it. */
const NAMED_OTHERWISE = ['original-disk'];

const DAY = 24 * 3600 * 1000;

/** Longer than any remediation takes, in days: a day of waiting for an approval, and one of bringing the VM up again. */
const LONGEST_REMEDIATION_DAYS = 7;

/** How long the engine's history is kept, in days: longer than anything is kept for a way back. */
export const HISTORY_DAYS = 100;

/** How long intake remembers messages, answers and followers, in days. */
export const INTAKE_DAYS = 30;

/**
 * What becomes of a resource with our tags:
 * - `delete`;
 * - `release`: a VM boots from it, so our tags come off it;
 * - `keep`: it is where it should be, and nobody needs to be told;
 * - `leave`: it is no longer wanted, and yet must not be touched: a person should know why.
 */
export type Fate =
  { readonly fate: 'delete' | 'keep' | 'release' } | { readonly fate: 'leave'; readonly why: string };

/** What is known besides the resource. */
export interface Known {
  /** Milliseconds since the epoch. */
  now: number;
  /**
   * Ids of the remediations that the durable engine runs, asked *after* the resource was listed: one that made the resource and is
   * not running now is over, and nobody else will clean up after it.
   */
  running: ReadonlySet<string>;
  /** Ids of those on whose VM anything runs. */
  busy: ReadonlySet<string>;
  /** What the record of each remediation names as kept; none where there is no record. */
  kept: ReadonlyMap<string, readonly Kept[]>;
}

/** Whether the janitor may delete a resource. Records are the truth, tags are hints; whatever is in doubt stays. */
export function fateOf(resource: Sweepable, known: Known): Fate {
  const { role, remediationId, usedBy } = resource;
  if (known.running.has(remediationId)) return { fate: 'keep' };
  if (resource.isOsDisk) return { fate: 'release' };
  const isCopy = KEPT_ROLES.includes(role);
  if (!isCopy && deletionOrder([resource], KEPT_ROLES).length === 0)
    return leave(`its role "${role}" is not one that the janitor deletes`);
  if (!resource.ownName && !NAMED_OTHERWISE.includes(role))
    return leave('its name is not one that a remediation uses: the tags were copied');
  if (isCopy) return fateOfCopy(resource, known);
  if (usedBy !== null) return leave(`it is in use by ${usedBy}`);
  if (!known.kept.has(remediationId) && mayStillRun(remediationId, known.now))
    return leave('its remediation has no record here and may still be running elsewhere');
  return { fate: 'delete' };
}

/** The way back goes only by the word of the record that names it, and never while something runs that may need it. */
function fateOfCopy(resource: Sweepable, known: Known): Fate {
  const { id, expiresAt, remediationId, usedBy, vmExists } = resource;
  if (wasNeverAWayBack(resource, known)) return { fate: 'delete' };
  if (!isPast(expiresAt, known.now) || known.busy.has(remediationId)) return { fate: 'keep' };
  const named = known.kept.get(remediationId)?.find((kept) => kept.id.toLowerCase() === id.toLowerCase());
  if (!named) return leave('its tag has expired, but it is not in any record');
  if (!isPast(named.until, known.now)) return { fate: 'keep' };
  if (usedBy !== null) return leave(`it is in use by ${usedBy}`);
  // After an interrupted rebuild there is no VM, and this is all that is left of it.
  if (!vmExists) return leave('it has expired, but its VM is gone and this may be the last copy of its data');
  return { fate: 'delete' };
}

/**
 * A snapshot that came to be unseen: nothing is changed before a record names its safety snapshot, so where a record names nothing that
 * is kept, nothing was changed, and there is nothing to go back from.
 */
function wasNeverAWayBack({ role, remediationId, usedBy }: Sweepable, { kept, busy }: Known): boolean {
  const unnamed = kept.get(remediationId)?.length === 0;
  return role === 'snapshot' && unnamed && usedBy === null && !busy.has(remediationId);
}

/** True for what is no id of a remediation: nobody knows how old it is. */
function mayStillRun(remediationId: string, now: number): boolean {
  const begun = momentOfRemediation(remediationId);
  return begun === undefined || now - begun < LONGEST_REMEDIATION_DAYS * DAY;
}

function leave(why: string): Fate {
  return { fate: 'leave', why };
}

/** False for what is no moment: without a date nothing has expired. */
function isPast(moment: string, now: number): boolean {
  return Date.parse(moment) < now;
}
