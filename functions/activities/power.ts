import { beginDeallocate, beginRestart, beginStart } from '../../shared/azure/vm-power.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities that switch a VM on and off. */
export function registerPowerActivities({ azure }: ActivityDependencies): void {
  implement(ACTIVITIES.beginRestart, ({ vmId }) => beginRestart(azure, vmId));
  implement(ACTIVITIES.beginStart, ({ vmId }) => beginStart(azure, vmId));
  implement(ACTIVITIES.beginDeallocate, ({ vmId }) => beginDeallocate(azure, vmId));
}
