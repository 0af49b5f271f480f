import type { Disk, Snapshot } from '@azure/arm-compute';
import type { Operation } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, sameResource } from './resource-id.ts';
import { requireSameSecurityType } from './security-type.ts';

/**
 * Attaches a copy of an OS disk to the rescue VM at a LUN; nothing to do where it is. That its security type came along is read back here:
 * of the rehearsal's copy this is known while the VM still runs.
 * @throws MedicError `SwapRefused` where it did not.
 */
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
  await requireInherited(azure, diskId);
  const { compute } = await azure(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.attachDetachDataDisks(
      resourceGroup,
      name,
      { dataDisksToAttach: [{ diskId, lun, caching: 'None', deleteOption: 'Detach' }] },
      options,
    ),
  );
}

async function requireInherited(azure: Azure, diskId: string): Promise<void> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const { compute } = await azure(subscriptionId);
  const copy = await arm(() => compute.disks.get(resourceGroup, name));
  const sourceId = copy.creationData?.sourceResourceId;
  if (sourceId === undefined) return;
  const { resourceGroup: group, name: sourceName, type } = parseResourceId(sourceId);
  const kept = /\/disks$/i.test(type) ? compute.disks : compute.snapshots;
  const source = await armIfExists<Disk | Snapshot>(() => kept.get(group, sourceName));
  if (source) requireSameSecurityType(copy, source);
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
  const { compute } = await azure(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.attachDetachDataDisks(
      resourceGroup,
      name,
      { dataDisksToDetach: [{ diskId }] },
      options,
    ),
  );
}
