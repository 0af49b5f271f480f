import { beginDeleteResource, listMadeResources } from '../../shared/azure/made-resources.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities that find and delete what a remediation made. */
export function registerCleanUpActivities({ azure }: ActivityDependencies): void {
  implement(ACTIVITIES.listMadeResources, async ({ remediationId, subscriptionId, resourceGroup, vmIds }) => {
    const made = await listMadeResources(azure, subscriptionId, resourceGroup, vmIds);
    return { resources: made.filter((resource) => resource.remediationId === remediationId) };
  });
  implement(ACTIVITIES.beginDeleteResource, ({ id }) => beginDeleteResource(azure, id));
}
