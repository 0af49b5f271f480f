import type { Activity } from '../../../../lab/arm/activity/activity-log.ts';
import type { RemediationRecord } from '../../../../shared/model/record.ts';
import { shortHashOf } from '../../../../shared/model/remediation-id.ts';
import type { Glimpse } from './watch.ts';
import { vmIdOf, type Scenario } from './scenario.ts';
import { sameId } from '../../../../lab/arm/store/resource-id.ts';
import type { World } from './world.ts';

/** A change that somebody asked Azure for, in its order. */
export interface Change extends Activity {
  /** Whether the service asked. */
  ours: boolean;
}

/** All that is known of a run that is over. */
export interface Played {
  scenario: Scenario;
  /** `undefined` where the request was refused at the door, or the remediation never ended. */
  record: RemediationRecord | undefined;
  /** Where it is a rollback: what it goes back from. */
  repair?: RemediationRecord;
  /** Why there is no record. */
  why: string;
  before: World;
  after: World;
  /** Changes in the subscription, until the record was closed. */
  changes: Change[];
  glimpses: Glimpse[];
  /** What has our tags and no reason to stand, after locks and rights were put right and the janitor has been round. */
  leftovers: string[];
}

/** Something that must hold of every run; gives back in which way it does not. */
export type Invariant = (played: Played) => string[];

/** Whether it came about. */
export function succeeded({ status }: Change): boolean {
  return status === 'Succeeded';
}

/** Whether Azure took it on: what is preempted afterwards may have made something all the same. */
export function accepted({ httpStatus }: Change): boolean {
  return httpStatus > 0 && httpStatus < 400;
}

export function isOnVm({ scenario }: Played, { resource }: Change): boolean {
  return sameId(resource, vmIdOf(scenario));
}

/** Whether others laid a lock, or took rights away from the service: what it leaves behind then is the janitor's. */
export function wasKeptFromDeleting({ changes }: Played): boolean {
  return changes.some(
    ({ ours, action }) => !ours && /\/(locks|roleAssignments|denyAssignments)\//i.test(action),
  );
}

/** Whether a name is one that this remediation gives. */
export function isOwn({ record, repair }: Played, id: string): boolean {
  return [record, repair].some(
    (one) => one !== undefined && id.toLowerCase().includes(`/rdp-medic-${shortHashOf(one.id)}-`),
  );
}

/** `virtualMachines/start/action`. */
export function deedOf({ action }: Pick<Change, 'action'>): string {
  return action.replace(/^Microsoft\.[^/]+\//i, '');
}

export function tellChange({ action, resource, at, caller }: Change): string {
  return `${caller} ${deedOf({ action })} on ${resource.split('/').at(-1) ?? ''} at ${new Date(at).toISOString()}`;
}
