import { MedicError } from '../errors.ts';
import type { Inspection } from '../model/inspection.ts';
import { arm } from './arm-error.ts';
import type { SubscriptionClients } from './clients.ts';
import { isWithin, sameResource } from './resource-id.ts';

/** The locks that cover a VM, and the scopes whose locks the service may not read. */
type Locks = Pick<Inspection, 'locks' | 'unreadLocks'>;

/**
 * Reads the locks on the VM, its OS disk, their groups, their subscription, and the group of its rescue VM: whether a list at the VM also returns its parents' is not
 * documented (learn.microsoft.com, rest/api/resources/management-locks/list-at-resource-level). A role that is assigned on the VM's group does not reach the others: that is told, and no error.
 * @throws MedicError `AccessDenied` on VM or group, or a retryable Azure error.
 */
export async function readLocks(
  { locks }: SubscriptionClients,
  vmId: string,
  osDiskId: string = vmId,
  rescueGroupId: string = vmId,
): Promise<Locks> {
  const found: Locks = { locks: [], unreadLocks: [] };
  const [group, subscription] = scopesAbove(vmId);
  const must = [vmId, group];
  const scopes = [...must, subscription, osDiskId, scopesAbove(osDiskId)[0], rescueGroupId];
  const seen = new Set<string>();
  for (const scope of scopes) {
    if (seen.has(scope.toLowerCase())) continue;
    seen.add(scope.toLowerCase());
    try {
      await arm(async () => {
        for await (const lock of locks.managementLocks.listByScope(scope.slice(1))) {
          const covered = lock.id?.split(/\/providers\/Microsoft\.Authorization\/locks\//i)[0] ?? '';
          // A group's list also names the locks of its other resources.
          const known = found.locks.some(
            (other) => other.level === lock.level && sameResource(other.scope, covered),
          );
          if ([vmId, osDiskId, rescueGroupId].some((id) => isWithin(id, covered)) && !known)
            found.locks.push({ level: lock.level, scope: covered });
        }
      });
    } catch (error) {
      const isOutOfReach = error instanceof MedicError && error.code === 'AccessDenied';
      if (must.includes(scope) || !isOutOfReach) throw error;
      found.unreadLocks.push(scope);
    }
  }
  return found;
}

function scopesAbove(id: string): [group: string, subscription: string] {
  const [, subscription = '', group = ''] =
    /^(\/subscriptions\/[^/]+)(\/resourcegroups\/[^/]+)/i.exec(id) ?? [];
  return [subscription + group, subscription];
}
