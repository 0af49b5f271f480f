import { beginDeleteResource } from '../../shared/azure/made-kinds.ts';
import { listTagged, listTaggedScripts, readTagged } from '../../shared/azure/made-resources.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Tagged } from '../../shared/model/sweep.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities that find and delete what a remediation made. */
export function registerCleanUpActivities(deps: ActivityDependencies): void {
  const { azure, deployment } = deps;
  implement(ACTIVITIES.listMadeResources, async ({ remediationId, ...group }) => ({
    resources: madeBy(remediationId, await listTagged(azure, deployment, group)),
  }));
  implement(ACTIVITIES.readMadeResources, async ({ remediationId, ids }) => ({
    resources: madeBy(remediationId, await readTagged(azure, deployment, ids)),
  }));
  implement(ACTIVITIES.listMadeScripts, async ({ remediationId, vmId }) => ({
    resources: madeBy(remediationId, await listTaggedScripts(azure, deployment, vmId)),
  }));
  implementMandated(deps, ACTIVITIES.beginDeleteResource, ({ id }) => beginDeleteResource(azure, id));
}

/** What merely bears its tags, under a name that it does not give, is somebody else's; but for the original disk, which stays. */
function madeBy(remediationId: string, tagged: Tagged[]): Tagged[] {
  return tagged.filter(
    (one) => one.remediationId === remediationId && (one.ownName || one.role === 'original-disk'),
  );
}
