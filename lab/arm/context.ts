import type { Clock } from '../../shared/clock.ts';
import type { DenyAssignment } from './access/deny-assignments.ts';
import type { Denial, TagPolicy } from './access/policy.ts';
import type { Roles } from './access/roles.ts';
import type { ActivityLog } from './activity/activity-log.ts';
import type { Behaviour } from './behaviour.ts';
import type { Catalogue } from './compute/catalogue.ts';
import type { Machines } from './compute/machines.ts';
import type { AddressBook } from './network/addresses.ts';
import type { Operations } from './operations.ts';
import type { Store } from './store/store.ts';

/** What handlers work with. */
export interface Context {
  clock: Clock;
  store: Store;
  operations: Operations;
  machines: Machines;
  catalogue: Catalogue;
  addresses: AddressBook;
  behaviour: Behaviour;
  roles: Roles;
  activity: ActivityLog;
  /** By scope and name. */
  policies: Map<string, TagPolicy>;
  /** Assignments of policies that deny. */
  denials: Denial[];
  denyAssignments: DenyAssignment[];
  /** Encryption sets whose key nobody may use, ids in lower case. */
  disabledKeys: Set<string>;
  /** A new GUID, the same in every run of the same script. */
  newId(): string;
}

/** Now, as ARM writes it. */
export function timestamp(clock: Clock): string {
  return toTimestamp(clock.now());
}

/** A moment as ARM writes it: seven digits and an offset (recorded traffic of Microsoft.Compute). */
export function toTimestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000+00:00');
}
