import {
  beginKeepOriginal,
  beginReleaseDisk,
  beginSwapOsDisk,
  readOsDiskId,
} from '../../shared/azure/os-disk.ts';
import {
  beginDeleteVm,
  beginDetachOnDelete,
  beginRecreateVm,
  readVmDefinition,
} from '../../shared/azure/rebuild-vm.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities that put an OS disk under a VM: by swap, or by building the VM again. */
export function registerRestoreActivities({ azure }: ActivityDependencies): void {
  implement(ACTIVITIES.readOsDiskId, async ({ vmId }) => ({ diskId: await readOsDiskId(azure, vmId) }));
  implement(ACTIVITIES.readVmDefinition, async ({ vmId }) => ({
    definition: await readVmDefinition(azure, vmId),
  }));
  implement(ACTIVITIES.beginSwapOsDisk, ({ vmId, diskId }) => beginSwapOsDisk(azure, vmId, diskId));
  implement(ACTIVITIES.beginDetachOnDelete, ({ vmId }) => beginDetachOnDelete(azure, vmId));
  implement(ACTIVITIES.beginDeleteVm, ({ vmId, unlessOnDiskId }) =>
    beginDeleteVm(azure, vmId, unlessOnDiskId),
  );
  implement(ACTIVITIES.beginRecreateVm, ({ vmId, definition, osDiskId }) =>
    beginRecreateVm(azure, vmId, definition, osDiskId),
  );
  implement(ACTIVITIES.beginKeepOriginal, ({ diskId, ...maker }) => beginKeepOriginal(azure, diskId, maker));
  implement(ACTIVITIES.beginReleaseDisk, ({ diskId }) => beginReleaseDisk(azure, diskId));
}
