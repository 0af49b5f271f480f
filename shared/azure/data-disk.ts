import type { Operation } from '../model/operation.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { sameResource } from './resource-id.ts';

/** Attaches a disk to the rescue VM at a LUN; nothing to do where it is. */
export async function beginAttachDisk(
  azure: Azure,
  vmId: string,
  diskId: string,
  lun: number,
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const vm = await readVm(azure, vmId);
  requireSettled(vm);
  const attached = vm.storageProfile?.dataDisks?.some(({ managedDisk }) =>
    sameResource(managedDisk?.id, diskId),
  );
  if (attached) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    azure(subscriptionId).compute.virtualMachines.attachDetachDataDisks(
      resourceGroup,
      name,
      { dataDisksToAttach: [{ diskId, lun, caching: 'None', deleteOption: 'Detach' }] },
      options,
    ),
  );
}

/** Detaches a disk; nothing to do where it is not attached. */
export async function beginDetachDisk(azure: Azure, vmId: string, diskId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const vm = await readVm(azure, vmId);
  requireSettled(vm);
  const attached = vm.storageProfile?.dataDisks?.some(({ managedDisk }) =>
    sameResource(managedDisk?.id, diskId),
  );
  if (!attached) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    azure(subscriptionId).compute.virtualMachines.attachDetachDataDisks(
      resourceGroup,
      name,
      { dataDisksToDetach: [{ diskId }] },
      options,
    ),
  );
}
