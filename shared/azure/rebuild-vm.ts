import type { VirtualMachine } from '@azure/arm-compute';
import { z } from 'zod';
import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, sameResource } from './resource-id.ts';

/** A VM's settings as JSON, as ARM spelled them: kept in the record, so that the VM can be built again whatever happens. */
export const vmDefinitionSchema = z.record(z.string(), z.json());
export type VmDefinition = z.infer<typeof vmDefinitionSchema>;

/** Set by Azure, or only valid when a VM is made from an image: sent back, Azure would refuse them. */
const NOT_KEPT = [
  'id',
  'name',
  'type',
  'etag',
  'managedBy',
  'systemData',
  'resources',
  'instanceView',
  'provisioningState',
  'vmId',
  'timeCreated',
  'osProfile',
  'virtualMachineScaleSetVMs',
] as const;

/** Everything of a VM that can be kept (design, section 3, "Offline"). */
export async function readVmDefinition(azure: Azure, vmId: string): Promise<VmDefinition> {
  const vm = await readVm(azure, vmId);
  const kept: Record<string, unknown> = { ...vm };
  for (const field of NOT_KEPT) Reflect.deleteProperty(kept, field);
  return vmDefinitionSchema.parse(JSON.parse(JSON.stringify(kept)));
}

/**
 * Sets `deleteOption` to Detach on the OS disk, data disks and NICs: with Delete the data would go with the VM
 * (domain notes, section 3). Must have ended before `beginDeleteVm`.
 */
export async function beginDetachOnDelete(azure: Azure, vmId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { compute } = azure(subscriptionId);
  const vm = await armIfExists(() => compute.virtualMachines.get(resourceGroup, name));
  requireSettled(vm);
  const osDisk = vm?.storageProfile?.osDisk;
  if (!vm || !osDisk) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.update(
      resourceGroup,
      name,
      {
        storageProfile: {
          osDisk: { ...osDisk, deleteOption: 'Detach' },
          dataDisks: (vm.storageProfile?.dataDisks ?? []).map((disk) => ({
            ...disk,
            deleteOption: 'Detach',
          })),
        },
        networkProfile: {
          networkInterfaces: (vm.networkProfile?.networkInterfaces ?? []).map((nic) => ({
            ...nic,
            deleteOption: 'Detach',
          })),
        },
      },
      options,
    ),
  );
}

/** Deletes the VM resource, unless it already stands on the wanted OS disk, or is gone. */
export async function beginDeleteVm(azure: Azure, vmId: string, unlessOnDiskId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { compute } = azure(subscriptionId);
  const vm = await armIfExists(() => compute.virtualMachines.get(resourceGroup, name));
  if (!vm || sameResource(vm.storageProfile?.osDisk?.managedDisk?.id, unlessOnDiskId)) {
    return nothingToDo(subscriptionId);
  }
  if (takesResourcesAlong(vm)) {
    throw new MedicError(
      'AzureRefused',
      'A disk or network card would be deleted with the VM; the VM was not deleted.',
    );
  }
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.delete(resourceGroup, name, options),
  );
}

/** Read back before the deletion: a `deleteOption` of Delete would take the data along. */
function takesResourcesAlong({ storageProfile, networkProfile }: VirtualMachine): boolean {
  return [
    storageProfile?.osDisk,
    ...(storageProfile?.dataDisks ?? []),
    ...(networkProfile?.networkInterfaces ?? []),
  ].some((resource) => resource?.deleteOption === 'Delete');
}

/** Makes the VM again from its definition around another OS disk; nothing to do where it stands on it. */
export async function beginRecreateVm(
  azure: Azure,
  vmId: string,
  definition: VmDefinition,
  osDiskId: string,
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { compute } = azure(subscriptionId);
  const existing = await armIfExists(() => compute.virtualMachines.get(resourceGroup, name));
  requireSettled(existing);
  if (sameResource(existing?.storageProfile?.osDisk?.managedDisk?.id, osDiskId))
    return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.createOrUpdate(resourceGroup, name, around(definition, osDiskId), options),
  );
}

const location = z.object({ location: z.string() });

function around(definition: VmDefinition, osDiskId: string): VirtualMachine {
  const vm: VirtualMachine = { ...definition, ...location.parse(definition) };
  const { imageReference: _madeFrom, ...storage } = vm.storageProfile ?? {};
  return {
    ...vm,
    storageProfile: {
      ...storage,
      osDisk: {
        createOption: 'Attach',
        osType: storage.osDisk?.osType ?? 'Windows',
        deleteOption: 'Detach',
        ...(storage.osDisk?.caching ? { caching: storage.osDisk.caching } : {}),
        name: parseResourceId(osDiskId).name,
        managedDisk: { id: osDiskId },
      },
      dataDisks: (storage.dataDisks ?? []).map((disk) => ({
        ...disk,
        createOption: 'Attach',
        deleteOption: 'Detach',
      })),
    },
  };
}
