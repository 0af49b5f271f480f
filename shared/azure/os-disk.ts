import type { Disk } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Begun, Operation } from '../model/operation.ts';
import { refusesSwap } from '../repair/swap-refusal.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';
import { madeName, madeTags, TAGS, type Maker } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, sameResource, siblingId } from './resource-id.ts';

/**
 * Copies the OS disk from a snapshot into a disk of its own: the repair is done on the copy, the original stays as
 * it was. Generation, security type, architecture, zone, SKU, encryption set and network access are the original's,
 * or Azure refuses the swap (domain notes, section 3, "Generation").
 */
export async function beginCopyDisk(
  azure: Azure,
  originalDiskId: string,
  snapshotId: string,
  maker: Maker,
): Promise<Begun> {
  const { subscriptionId, resourceGroup, name: originalName } = parseResourceId(originalDiskId);
  const { compute } = azure(subscriptionId);
  const name = madeName(maker, 'repair-disk');
  const id = siblingId(originalDiskId, 'Microsoft.Compute/disks', name);
  const existing = await armIfExists(() => compute.disks.get(resourceGroup, name));
  requireSettled(existing);
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  const original = await arm(() => compute.disks.get(resourceGroup, originalName));
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.createOrUpdate(resourceGroup, name, copyOf(original, snapshotId, maker), options),
  );
  return { id, operation };
}

function copyOf(original: Disk, snapshotId: string, maker: Maker): Disk {
  const {
    sku,
    zones,
    osType,
    hyperVGeneration,
    securityProfile,
    supportedCapabilities,
    encryption,
    networkAccessPolicy,
  } = original;
  return {
    location: original.location,
    creationData: { createOption: 'Copy', sourceResourceId: snapshotId },
    tags: { ...original.tags, ...madeTags(maker, 'repair-disk') },
    ...(sku?.name ? { sku: { name: sku.name } } : {}),
    ...(zones ? { zones } : {}),
    ...(osType ? { osType } : {}),
    ...(hyperVGeneration ? { hyperVGeneration } : {}),
    ...(securityProfile ? { securityProfile } : {}),
    ...(supportedCapabilities ? { supportedCapabilities } : {}),
    ...(encryption ? { encryption } : {}),
    ...(networkAccessPolicy ? { networkAccessPolicy } : {}),
    ...(original.diskAccessId ? { diskAccessId: original.diskAccessId } : {}),
  };
}

/**
 * Puts another OS disk under a deallocated VM; nothing to do where it is there.
 * @throws MedicError `SwapRefused` where Azure does not allow it: the rebuild is the other way.
 */
export async function beginSwapOsDisk(azure: Azure, vmId: string, diskId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const vm = await readVm(azure, vmId);
  requireSettled(vm);
  const current = vm.storageProfile?.osDisk;
  if (sameResource(current?.managedDisk?.id, diskId)) return nothingToDo(subscriptionId);
  try {
    return await beginOperation(subscriptionId, 'compute', (options) =>
      azure(subscriptionId).compute.virtualMachines.update(
        resourceGroup,
        name,
        {
          storageProfile: {
            osDisk: {
              // A fixed property: sent as it stands, or Azure refuses the change (ARM contract, section 3).
              createOption: current?.createOption ?? 'FromImage',
              name: parseResourceId(diskId).name,
              managedDisk: { id: diskId },
            },
          },
        },
        options,
      ),
    );
  } catch (error) {
    if (error instanceof MedicError && error.code === 'AzureRefused' && refusesSwap(error.message)) {
      throw new MedicError('SwapRefused', error.message, { cause: error });
    }
    throw error;
  }
}

/** The id of the OS disk under the VM, once no operation works on the VM any more: a swap under way may yet end. */
export async function readOsDiskId(azure: Azure, vmId: string): Promise<string> {
  const vm = await readVm(azure, vmId);
  requireSettled(vm);
  const id = vm.storageProfile?.osDisk?.managedDisk?.id;
  if (!id) throw new MedicError('UnmanagedDisk', 'The VM has no managed OS disk.');
  return id;
}

/** Marks the replaced original as ours to keep until then, for a rollback; the janitor deletes it afterwards. */
export async function beginKeepOriginal(azure: Azure, diskId: string, maker: Maker): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const { compute } = azure(subscriptionId);
  const { tags = {} } = await arm(() => compute.disks.get(resourceGroup, name));
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.update(
      resourceGroup,
      name,
      { tags: { ...tags, ...madeTags(maker, 'original-disk') } },
      options,
    ),
  );
}

/** Takes our tags off a disk that is in use: it belongs to the VM now and must never be swept. */
export async function beginReleaseDisk(azure: Azure, diskId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const { compute } = azure(subscriptionId);
  const disk = await armIfExists(() => compute.disks.get(resourceGroup, name));
  const ours: string[] = Object.values(TAGS);
  const tags = Object.entries(disk?.tags ?? {});
  const kept = tags.filter(([key]) => !ours.includes(key));
  if (!disk || kept.length === tags.length) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.update(resourceGroup, name, { tags: Object.fromEntries(kept) }, options),
  );
}
