import { randomBytes } from 'node:crypto';
import type { Inspection } from '../model/inspection.ts';
import type { Begun } from '../model/operation.ts';
import type { RescueShape } from '../model/rescue-shape.ts';
import { chooseRescueImage } from '../repair/rescue-image.ts';
import { MedicError } from '../errors.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { madeName, madeTagsLike, type Maker } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { resourceId } from './resource-id.ts';

/** The rescue VM's network card, in the resource group of the rescue VM: in the given subnet or the broken VM's own, without a public address. */
export async function beginRescueNic(
  azure: Azure,
  vm: Inspection,
  rescueGroup: string,
  maker: Maker,
  givenSubnetId?: string,
): Promise<Begun> {
  const { subscriptionId, location } = vm;
  const { network } = await azure(subscriptionId);
  const name = madeName(maker, 'rescue-nic');
  const id = resourceId({
    subscriptionId,
    resourceGroup: rescueGroup,
    type: 'Microsoft.Network/networkInterfaces',
    name,
  });
  const subnetId = givenSubnetId ?? vm.nics[0]?.subnetId;
  if (!subnetId)
    throw new MedicError('AzureRefused', 'The VM has no network interface in a subnet for the rescue VM.');
  const existing = await armIfExists(() => network.networkInterfaces.get(rescueGroup, name));
  requireSettled(existing);
  if (existing?.provisioningState === 'Succeeded')
    return { id, operation: nothingToDo(subscriptionId, 'network') };
  const operation = await beginOperation(subscriptionId, 'network', (options) =>
    network.networkInterfaces.createOrUpdate(
      rescueGroup,
      name,
      {
        location,
        tags: madeTagsLike(vm.tags, maker, 'rescue-nic'),
        ipConfigurations: [
          { name: 'primary', primary: true, subnet: { id: subnetId }, privateIPAllocationMethod: 'Dynamic' },
        ],
      },
      options,
    ),
  );
  return { id, operation };
}

/**
 * The rescue VM, tagged as the broken one is: a policy that would deny the swap for want of a tag denies this first. SCSI and in the broken VM's zone, or the disk cannot be attached, or is not found where scripts look for it
 * (Azure/azure-cli-extensions#10305). It is encrypted as the broken VM is. Its OS disk and NIC go with it. Nobody knows its password: scripts reach it through its agent.
 */
export async function beginRescueVm(
  azure: Azure,
  vm: Inspection,
  { nicId, size, diskType, rescueGroup }: RescueShape & { nicId: string; rescueGroup: string },
  maker: Maker,
): Promise<Begun> {
  const { subscriptionId, location, zone } = vm;
  const { compute } = await azure(subscriptionId);
  const name = madeName(maker, 'rescue-vm');
  const id = resourceId({
    subscriptionId,
    resourceGroup: rescueGroup,
    type: 'Microsoft.Compute/virtualMachines',
    name,
  });
  const existing = await armIfExists(() => compute.virtualMachines.get(rescueGroup, name));
  requireSettled(existing);
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines.createOrUpdate(
      rescueGroup,
      name,
      {
        location,
        tags: madeTagsLike(vm.tags, maker, 'rescue-vm'),
        ...(zone === null ? {} : { zones: [zone] }),
        hardwareProfile: { vmSize: size },
        storageProfile: {
          imageReference: { ...chooseRescueImage(vm.image, vm.osVersion), version: 'latest' },
          diskControllerType: 'SCSI',
          osDisk: {
            name: madeName(maker, 'rescue-os-disk'),
            createOption: 'FromImage',
            deleteOption: 'Delete',
            managedDisk: {
              storageAccountType: diskType,
              ...(vm.osDisk?.diskEncryptionSetId && {
                diskEncryptionSet: { id: vm.osDisk.diskEncryptionSetId },
              }),
            },
          },
        },
        ...(vm.encryptionAtHost && { securityProfile: { encryptionAtHost: true } }),
        osProfile: {
          computerName: 'rdp-medic',
          adminUsername: 'rdpmedic',
          adminPassword: `${randomBytes(24).toString('base64url')}aA1!`,
          windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: false },
        },
        networkProfile: { networkInterfaces: [{ id: nicId, primary: true, deleteOption: 'Delete' }] },
        diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      },
      options,
    ),
  );
  return { id, operation };
}
