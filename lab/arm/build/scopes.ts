import type { Context } from '../context.ts';
import type { Lock } from '../store/resources.ts';
import { groupId } from '../store/resource-id.ts';

/** Where the fleet lives. */
export interface Home {
  subscriptionId: string;
  /** Group of VMs that name none. */
  resourceGroup: string;
}

/** Lays a lock on a scope. */
export function addLock(
  { store, catalogue }: Context,
  scope: string,
  name: string,
  level: 'ReadOnly' | 'CanNotDelete',
): Lock {
  return store.locks.put({
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: 'Microsoft.Authorization/locks',
    location: catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
    scope,
    level,
  });
}

/** The group a VM goes to is made when it is not there. */
export function ensureGroup({ store, catalogue }: Context, { subscriptionId }: Home, name: string): void {
  const id = groupId(subscriptionId, name);
  if (store.resourceGroups.find(id)) return;
  store.resourceGroups.put({
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location: catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
  });
}
