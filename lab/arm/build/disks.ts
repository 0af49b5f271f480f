import { imageId } from '../compute/image-id.ts';
import { giveTo } from '../compute/ownership.ts';
import { timestamp, type Context } from '../context.ts';
import { nameOf, resourceId } from '../store/resource-id.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';
import type { DataDiskSpec, VmSpec } from '../vm-spec.ts';
import type { Base } from './network.ts';

/** Where the disks of a VM lie. */
interface Place {
  subscriptionId: string;
  group: string;
}

/** The managed OS disk of a VM; none where it is a blob. */
export function addOsDisk(context: Context, spec: VmSpec, base: Base, place: Place): Disk | undefined {
  if (spec.unmanagedOsDisk) return undefined;
  const { generation, osType = 'Windows', diskController, securityType } = spec;
  const disk = addDisk(context, spec, base, place, {
    name: `${spec.name}-osdisk`,
    sku: spec.osDiskSku ?? 'Premium_LRS',
    content: spec.osDisk,
    properties: {
      creationData: {
        createOption: 'FromImage',
        imageReference: { id: imageId(spec.image, place.subscriptionId, context.catalogue.location) },
      },
      osType,
      hyperVGeneration: generation,
      supportedCapabilities: {
        architecture: 'x64',
        acceleratedNetwork: true,
        diskControllerTypes: diskController === 'NVMe' ? 'SCSI, NVMe' : 'SCSI',
      },
      diskSizeGB: spec.osDiskSizeGB ?? (osType === 'Windows' ? 127 : 30),
      ...(securityType && { securityProfile: { securityType } }),
      ...(spec.azureDiskEncryption === true && { encryptionSettingsCollection: { enabled: true } }),
      ...spec.osDiskSettings,
    },
  });
  if (spec.osDiskTags) disk.tags = spec.osDiskTags;
  return disk;
}

/** Its data disks; a shared one is there already if the VM is that has it too. */
export function addDataDisks(context: Context, spec: VmSpec, base: Base, place: Place): Disk[] {
  return (spec.dataDisks ?? []).map((wanted) => {
    const shared = context.store.disks.find(diskId(place, dataDiskName(spec, wanted)));
    if (shared) return shared;
    return addDisk(context, spec, base, place, {
      name: dataDiskName(spec, wanted),
      sku: wanted.sku ?? 'Premium_LRS',
      content: wanted.content,
      properties: {
        creationData: { createOption: 'Empty' },
        diskSizeGB: wanted.diskSizeGB ?? 32,
        ...wanted.settings,
      },
    });
  });
}

/** Gives a VM its disks. */
export function giveDisks(vm: VirtualMachine, disks: readonly Disk[]): void {
  for (const disk of disks) giveTo(vm, disk);
}

/** How a VM's body names its data disks. */
export function dataDiskEntries(spec: VmSpec, disks: readonly Disk[]) {
  return (spec.dataDisks ?? []).map((wanted, index) => ({
    lun: wanted.lun,
    name: nameOf(disks[index]?.id ?? ''),
    createOption: 'Attach' as const,
    caching: wanted.caching ?? 'None',
    deleteOption: wanted.deleteOption ?? 'Detach',
    ...(wanted.writeAccelerator && { writeAcceleratorEnabled: true }),
    managedDisk: { id: disks[index]?.id ?? '' },
  }));
}

function addDisk(
  context: Context,
  { zone }: VmSpec,
  base: Base,
  place: Place,
  { name, sku, content, properties }: Pick<Disk, 'name' | 'content' | 'properties'> & { sku: string },
): Disk {
  return context.store.disks.put({
    ...base('Microsoft.Compute/disks', name),
    id: diskId(place, name),
    type: 'Microsoft.Compute/disks',
    ...(zone !== undefined && !sku.endsWith('_ZRS') && { zones: [zone] }),
    sku: { name: sku },
    properties,
    uniqueId: context.newId(),
    timeCreated: timestamp(context.clock),
    ownershipUpdated: timestamp(context.clock),
    content,
  });
}

function diskId({ subscriptionId, group }: Place, name: string): string {
  return resourceId(subscriptionId, group, 'Microsoft.Compute/disks', name);
}

function dataDiskName(spec: VmSpec, disk: Pick<DataDiskSpec, 'name' | 'lun'>): string {
  return disk.name ?? `${spec.name}-data${String(disk.lun)}`;
}
