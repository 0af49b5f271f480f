import { imageId } from '../compute/image-id.ts';
import { timestamp, type Context } from '../context.ts';
import { renewDynamicAddress } from '../network/public-address.ts';
import { groupId, resourceId } from '../store/resource-id.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';
import type { DataDiskSpec, VmSpec } from '../vm-spec.ts';
import { addNic, ensureNetwork, type Base } from './network.ts';
import { addLock, ensureGroup, type Home } from './scopes.ts';

/** Builds a VM with all that belongs to it, as the portal would have, and powers it on when it is to run. */
export async function addVm(context: Context, fleet: Home, spec: VmSpec): Promise<VirtualMachine> {
  const { store } = context;
  const { subscriptionId = fleet.subscriptionId } = spec;
  const home = { ...fleet, subscriptionId };
  const group = spec.resourceGroup ?? home.resourceGroup;
  const at = (type: string, name: string): string => resourceId(subscriptionId, group, type, name);
  const base: Base = (type, name) => ({
    id: at(type, name),
    name,
    location: context.catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
  });
  ensureGroup(context, home, group);
  const networkGroup = spec.networkGroup ?? group;
  const diskGroup = spec.diskGroup ?? group;
  ensureGroup(context, home, networkGroup);
  ensureGroup(context, home, diskGroup);
  const subnetId = ensureNetwork(context, home, networkGroup, spec.withoutWayOut);
  const vmId = at('Microsoft.Compute/virtualMachines', spec.name);
  const osType = spec.osType ?? 'Windows';

  const nsgId = resourceId(
    subscriptionId,
    networkGroup,
    'Microsoft.Network/networkSecurityGroups',
    `${spec.name}-nsg`,
  );
  const nic = addNic(context, spec, base, { vmId, subnetId, nsgId });
  const diskIdOf = (name: string): string =>
    resourceId(subscriptionId, diskGroup, 'Microsoft.Compute/disks', name);
  const makeDisk = (name: string, content: Disk['content'], properties: Disk['properties']): Disk =>
    store.disks.put({
      ...base('Microsoft.Compute/disks', name),
      id: diskIdOf(name),
      type: 'Microsoft.Compute/disks',
      ...(spec.zone !== undefined && { zones: [spec.zone] }),
      sku: { name: 'Premium_LRS' },
      managedBy: vmId,
      properties,
      uniqueId: context.newId(),
      timeCreated: timestamp(context.clock),
      ownershipUpdated: timestamp(context.clock),
      content,
    });
  const osDisk = spec.unmanagedOsDisk
    ? undefined
    : makeDisk(`${spec.name}-osdisk`, spec.osDisk, {
        creationData: {
          createOption: 'FromImage',
          imageReference: { id: imageId(spec.image, subscriptionId, context.catalogue.location) },
        },
        osType,
        hyperVGeneration: spec.generation,
        supportedCapabilities: {
          architecture: 'x64',
          acceleratedNetwork: true,
          diskControllerTypes: spec.diskController === 'NVMe' ? 'SCSI, NVMe' : 'SCSI',
        },
        diskSizeGB: spec.osDiskSizeGB ?? (osType === 'Windows' ? 127 : 30),
        ...(spec.securityType && { securityProfile: { securityType: spec.securityType } }),
        ...(spec.azureDiskEncryption === true && { encryptionSettingsCollection: { enabled: true } }),
      });
  for (const disk of spec.dataDisks ?? []) {
    makeDisk(dataDiskName(spec, disk), disk.content, {
      creationData: { createOption: 'Empty' },
      diskSizeGB: disk.diskSizeGB ?? 32,
    });
  }

  const vm: VirtualMachine = {
    ...base('Microsoft.Compute/virtualMachines', spec.name),
    type: 'Microsoft.Compute/virtualMachines',
    ...(spec.tags && { tags: spec.tags }),
    ...(spec.zone !== undefined && { zones: [spec.zone] }),
    properties: {
      hardwareProfile: { vmSize: spec.size ?? 'Standard_D2s_v5' },
      storageProfile: {
        imageReference: { ...spec.image },
        osDisk: {
          osType,
          name: osDisk?.name ?? `${spec.name}-osdisk`,
          createOption: 'FromImage',
          caching: spec.osDiskCaching ?? 'ReadWrite',
          deleteOption: spec.deleteOptions?.osDisk ?? 'Detach',
          ...(osDisk && { managedDisk: { id: osDisk.id } }),
          ...(spec.unmanagedOsDisk === true && {
            vhd: { uri: `https://labstorage.blob.core.windows.net/vhds/${spec.name}.vhd` },
          }),
          ...(spec.ephemeralOsDisk === true && {
            diffDiskSettings: { option: 'Local', placement: 'CacheDisk' },
          }),
        },
        dataDisks: (spec.dataDisks ?? []).map((disk) => ({
          lun: disk.lun,
          name: dataDiskName(spec, disk),
          createOption: 'Attach',
          caching: disk.caching ?? 'None',
          deleteOption: disk.deleteOption ?? 'Detach',
          managedDisk: { id: diskIdOf(dataDiskName(spec, disk)) },
        })),
        ...(spec.diskController && { diskControllerType: spec.diskController }),
      },
      osProfile: {
        computerName: spec.name.slice(0, 15),
        adminUsername: 'azureuser',
        ...(osType === 'Windows'
          ? { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true } }
          : { linuxConfiguration: { provisionVMAgent: true } }),
      },
      networkProfile: {
        networkInterfaces: [
          { id: nic.id, properties: { primary: true, deleteOption: spec.deleteOptions?.nic ?? 'Detach' } },
        ],
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      ...(spec.securityType && {
        securityProfile: {
          securityType: spec.securityType,
          uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        },
      }),
      ...(spec.availabilitySetId !== undefined && { availabilitySet: { id: spec.availabilitySetId } }),
      ...(spec.scaleSetId !== undefined && { virtualMachineScaleSet: { id: spec.scaleSetId } }),
      ...(spec.licenseType !== undefined && { licenseType: spec.licenseType }),
    },
    vmId: context.newId(),
    timeCreated: timestamp(context.clock),
    power: spec.power ?? 'running',
    generation: spec.generation,
    osType,
    extensions: spec.extensions ?? [],
    ...(spec.unmanagedOsDisk === true && { unmanagedOsDisk: spec.osDisk }),
  };
  store.virtualMachines.put(vm);
  addAutoShutdown(context, spec, base, vmId);
  addLocks(context, spec, vmId, osDisk?.id, groupId(subscriptionId, group));
  if (vm.power !== 'deallocated') renewDynamicAddress(context, vm);
  if (vm.power === 'running') await context.machines.powerOn(vm, { settled: true });
  return vm;
}

function dataDiskName(spec: VmSpec, disk: DataDiskSpec): string {
  return disk.name ?? `${spec.name}-data${String(disk.lun)}`;
}

/** As the portal makes it: the name is what ties it to the VM, beside `targetResourceId`. */
function addAutoShutdown({ store }: Context, spec: VmSpec, base: Base, vmId: string): void {
  if (!spec.autoShutdown) return;
  store.schedules.put({
    ...base('Microsoft.DevTestLab/schedules', `shutdown-computevm-${spec.name}`),
    type: 'Microsoft.DevTestLab/schedules',
    status: 'Enabled',
    targetResourceId: vmId,
    ...spec.autoShutdown,
  });
}

function addLocks(
  context: Context,
  { locks = [] }: VmSpec,
  vmId: string,
  osDiskId: string | undefined,
  group: string,
): void {
  for (const { name, level, on = 'vm' } of locks) {
    const scope = { vm: vmId, osDisk: osDiskId ?? vmId, resourceGroup: group }[on];
    addLock(context, scope, name, level);
  }
}
