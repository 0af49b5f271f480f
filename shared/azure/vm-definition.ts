import type { VirtualMachine } from '@azure/arm-compute';
import * as z from 'zod';
import { vmDefinitionSchema, type Loss, type VmDefinition } from '../model/rebuild.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { requireVmId } from './inspect-vm.ts';
import { lossesOfRebuild } from './losses.ts';
import { parseResourceId } from './resource-id.ts';

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

/** A VM's settings: whole, as evidence; as it can be built again; and what would be lost. */
export interface ReadDefinition {
  whole: VmDefinition;
  definition: VmDefinition;
  losses: Loss[];
}

/** Reads a VM with its user data, which it shows only when asked for. @throws MedicError. */
export async function readVmDefinition(azure: Azure, vmId: string): Promise<ReadDefinition> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const vm = await arm(async () =>
    (await azure(subscriptionId)).compute.virtualMachines.get(resourceGroup, name, { expand: 'userData' }),
  );
  const kept: Record<string, unknown> = { ...vm };
  for (const field of NOT_KEPT) Reflect.deleteProperty(kept, field);
  return { whole: toDefinition(vm), definition: toDefinition(kept), losses: lossesOfRebuild(vm) };
}

function toDefinition(value: object): VmDefinition {
  return vmDefinitionSchema.parse(JSON.parse(JSON.stringify(value)));
}

const location = z.object({ location: z.string() });

/** The VM of a definition around another OS disk, with its data disks; nothing of it is deleted with it. */
export function around(definition: VmDefinition, osDiskId: string): VirtualMachine {
  const vm: VirtualMachine = { ...definition, ...location.parse(definition) };
  const { imageReference: _madeFrom, ...storage } = vm.storageProfile ?? {};
  const { caching, writeAcceleratorEnabled, osType = 'Windows' } = storage.osDisk ?? {};
  return {
    ...vm,
    ...(vm.identity && { identity: givenAgain(vm.identity) }),
    storageProfile: {
      ...storage,
      osDisk: {
        createOption: 'Attach',
        osType,
        deleteOption: 'Detach',
        ...(caching ? { caching } : {}),
        ...(writeAcceleratorEnabled ? { writeAcceleratorEnabled } : {}),
        name: parseResourceId(osDiskId).name,
        managedDisk: { id: osDiskId },
      },
      dataDisks: (storage.dataDisks ?? []).map((disk) => ({
        ...disk,
        createOption: 'Attach',
        deleteOption: 'Detach',
      })),
    },
    networkProfile: {
      ...vm.networkProfile,
      networkInterfaces: (vm.networkProfile?.networkInterfaces ?? []).map((nic) => ({
        ...nic,
        deleteOption: 'Detach',
      })),
    },
  };
}

/** What Azure tells of an identity beyond its name is Azure's to say. */
function givenAgain({ type, userAssignedIdentities }: NonNullable<VirtualMachine['identity']>) {
  const ids = Object.keys(userAssignedIdentities ?? {});
  return {
    ...(type ? { type } : {}),
    ...(ids.length > 0 ? { userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) } : {}),
  };
}
