import { timestamp, type Context } from './context.ts';
import { renewDynamicAddress } from './network/public-address.ts';
import { groupId, resourceId } from './store/resource-id.ts';
import type { Disk, NetworkInterface, Resource, SecurityRule, VirtualMachine } from './store/resources.ts';
import type { DataDiskSpec, NsgRuleSpec, VmSpec } from './vm-spec.ts';

/** Where the fleet lives. */
export interface Home {
  subscriptionId: string;
  /** Group of VMs that name none. */
  resourceGroup: string;
}

const NETWORK_NAME = 'vnet-fleet';
const SUBNET_NAME = 'default';

/** Builds a VM with all that belongs to it, as the portal would have, and powers it on when it is to run. */
export async function addVm(context: Context, home: Home, spec: VmSpec): Promise<VirtualMachine> {
  const { store } = context;
  const { subscriptionId } = home;
  const group = spec.resourceGroup ?? home.resourceGroup;
  const at = (type: string, name: string): string => resourceId(subscriptionId, group, type, name);
  const base = (
    type: string,
    name: string,
  ): Pick<Resource, 'id' | 'name' | 'location' | 'provisioningState' | 'revision'> => ({
    id: at(type, name),
    name,
    location: context.catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
  });
  ensureGroup(context, home, group);
  const subnetId = ensureNetwork(context, home, group);
  const vmId = at('Microsoft.Compute/virtualMachines', spec.name);
  const osType = spec.osType ?? 'Windows';

  const nic = addNic(context, spec, base, vmId, subnetId);
  const makeDisk = (name: string, content: Disk['content'], properties: Disk['properties']): Disk =>
    store.disks.put({
      ...base('Microsoft.Compute/disks', name),
      type: 'Microsoft.Compute/disks',
      ...(spec.zone !== undefined && { zones: [spec.zone] }),
      sku: { name: 'Premium_LRS' },
      managedBy: vmId,
      properties,
      uniqueId: context.newId(),
      timeCreated: timestamp(context.clock),
      content,
    });
  const osDisk = spec.unmanagedOsDisk
    ? undefined
    : makeDisk(`${spec.name}-osdisk`, spec.osDisk, {
        creationData: { createOption: 'FromImage' },
        osType,
        hyperVGeneration: spec.generation,
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
          caching: 'ReadWrite',
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
          managedDisk: { id: at('Microsoft.Compute/disks', dataDiskName(spec, disk)) },
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
  addLocks(context, spec, vmId, osDisk?.id, groupId(subscriptionId, group));
  if (vm.power !== 'deallocated') renewDynamicAddress(context, vm);
  if (vm.power === 'running') await context.machines.powerOn(vm, { settled: true });
  return vm;
}

function dataDiskName(spec: VmSpec, disk: DataDiskSpec): string {
  return disk.name ?? `${spec.name}-data${String(disk.lun)}`;
}

type Base = (
  type: string,
  name: string,
) => Pick<Resource, 'id' | 'name' | 'location' | 'provisioningState' | 'revision'>;

function addNic(
  context: Context,
  spec: VmSpec,
  base: Base,
  vmId: string,
  subnetId: string,
): NetworkInterface {
  const { store, addresses } = context;
  const nsg =
    spec.nsgRules?.length &&
    store.networkSecurityGroups.put({
      ...base('Microsoft.Network/networkSecurityGroups', `${spec.name}-nsg`),
      type: 'Microsoft.Network/networkSecurityGroups',
      rules: spec.nsgRules.map(toRule),
      resourceGuid: context.newId(),
    });
  const nicBase = base('Microsoft.Network/networkInterfaces', `${spec.name}-nic`);
  const allocation = spec.publicIpAllocation ?? 'Static';
  const publicIp =
    spec.publicIp === false
      ? undefined
      : store.publicIpAddresses.put({
          ...base('Microsoft.Network/publicIPAddresses', `${spec.name}-ip`),
          type: 'Microsoft.Network/publicIPAddresses',
          sku: allocation === 'Dynamic' ? 'Basic' : 'Standard',
          allocation,
          ...(allocation === 'Static' && { ipAddress: addresses.nextPublic() }),
          ipConfiguration: `${nicBase.id}/ipConfigurations/ipconfig1`,
        });
  return store.networkInterfaces.put({
    ...nicBase,
    type: 'Microsoft.Network/networkInterfaces',
    properties: nsg ? { networkSecurityGroup: { id: nsg.id } } : {},
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: {
          privateIPAddress: addresses.nextPrivate(),
          privateIPAllocationMethod: 'Dynamic',
          subnet: { id: subnetId },
          ...(publicIp && { publicIPAddress: { id: publicIp.id } }),
          primary: true,
        },
      },
    ],
    virtualMachine: vmId,
    attackers: spec.attackers ?? [],
    macAddress: `00-0D-3A-${context
      .newId()
      .slice(0, 6)
      .toUpperCase()
      .replace(/(..)(..)(..)/, '$1-$2-$3')}`,
    resourceGuid: context.newId(),
  });
}

function toRule({
  name,
  priority,
  access,
  protocol = 'Tcp',
  sources = ['*'],
  ports,
  direction = 'Inbound',
}: NsgRuleSpec): SecurityRule {
  return {
    name,
    properties: {
      protocol,
      access,
      priority,
      direction,
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      ...(sources.length === 1 ? { sourceAddressPrefix: sources[0] } : { sourceAddressPrefixes: sources }),
      ...(ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: ports }),
    },
  };
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

/** Lays a lock on a scope. */
export function addLock(
  { store, catalogue }: Context,
  scope: string,
  name: string,
  level: 'ReadOnly' | 'CanNotDelete',
): void {
  store.locks.put({
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: 'Microsoft.Authorization/locks',
    location: catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
    scope,
    level,
  });
}

/** The group a VM goes to is made when it is not there. */
export function ensureGroup({ store, catalogue }: Context, { subscriptionId }: Home, name: string): void {
  const id = groupId(subscriptionId, name);
  if (store.resourceGroups.find(id)) return;
  store.resourceGroups.put({
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location: catalogue.location,
    provisioningState: 'Succeeded',
    revision: 1,
  });
}

/** One virtual network for a group, with one subnet over the whole private half of the lab's block. */
function ensureNetwork(context: Context, { subscriptionId }: Home, group: string): string {
  const { store, addresses, catalogue } = context;
  const id = resourceId(subscriptionId, group, 'Microsoft.Network/virtualNetworks', NETWORK_NAME);
  const subnet = { name: SUBNET_NAME, addressPrefix: addresses.subnetPrefix };
  if (!store.virtualNetworks.find(id)) {
    store.virtualNetworks.put({
      id,
      name: NETWORK_NAME,
      type: 'Microsoft.Network/virtualNetworks',
      location: catalogue.location,
      provisioningState: 'Succeeded',
      revision: 1,
      addressPrefixes: [addresses.privatePrefix],
      subnets: [subnet],
    });
  }
  return `${id}/subnets/${SUBNET_NAME}`;
}
