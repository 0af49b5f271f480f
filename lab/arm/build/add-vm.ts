import { timestamp, type Context } from '../context.ts';
import { renewDynamicAddress } from '../network/public-address.ts';
import { groupOf, resourceId, subscriptionOf } from '../store/resource-id.ts';
import type { VirtualMachine } from '../store/resources.ts';
import type { VmSpec } from '../vm-spec.ts';
import { addDataDisks, addOsDisk, dataDiskEntries, giveDisks } from './disks.ts';
import { addNic, addOtherNic, ensureNetwork, type Base } from './network.ts';
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
  const subnetId = ensureNetwork(context, home, networkGroup, spec);
  const vmId = at('Microsoft.Compute/virtualMachines', spec.name);
  const osType = spec.osType ?? 'Windows';

  const nsgId = resourceId(
    subscriptionId,
    networkGroup,
    'Microsoft.Network/networkSecurityGroups',
    `${spec.name}-nsg`,
  );
  const nics = [
    addNic(context, spec, base, { vmId, subnetId, nsgId }),
    ...(spec.otherNics ?? []).map(({ name }) => addOtherNic(context, spec, base, { name, vmId, subnetId })),
  ];
  const primary = 1 + (spec.otherNics ?? []).findIndex((other) => other.primary === true);
  const place = { subscriptionId, group: diskGroup };
  const osDisk = addOsDisk(context, spec, base, place);
  const dataDisks = addDataDisks(context, spec, base, place);

  const { securityProfile: moreSecurity, ...otherSettings } = spec.settings ?? {};
  const securityProfile =
    spec.securityType || moreSecurity
      ? {
          ...(spec.securityType && {
            securityType: spec.securityType,
            uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
          }),
          ...moreSecurity,
        }
      : undefined;
  const vm: VirtualMachine = {
    ...base('Microsoft.Compute/virtualMachines', spec.name),
    type: 'Microsoft.Compute/virtualMachines',
    ...(spec.tags && { tags: spec.tags }),
    ...(spec.zone !== undefined && { zones: [spec.zone] }),
    properties: {
      hardwareProfile: { vmSize: spec.size ?? 'Standard_D2s_v5' },
      storageProfile: {
        imageReference: spec.galleryImageId === undefined ? { ...spec.image } : { id: spec.galleryImageId },
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
        dataDisks: dataDiskEntries(spec, dataDisks),
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
        networkInterfaces: nics.map(({ id }, index) => ({
          id,
          properties: { primary: index === primary, deleteOption: spec.deleteOptions?.nic ?? 'Detach' },
        })),
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      ...(securityProfile && { securityProfile }),
      ...(spec.availabilitySetId !== undefined && { availabilitySet: { id: spec.availabilitySetId } }),
      ...(spec.scaleSetId !== undefined && { virtualMachineScaleSet: { id: spec.scaleSetId } }),
      ...(spec.licenseType !== undefined && { licenseType: spec.licenseType }),
      ...otherSettings,
    },
    ...(spec.identity !== undefined && { identity: spec.identity }),
    ...(spec.plan !== undefined && { plan: spec.plan }),
    vmId: context.newId(),
    timeCreated: timestamp(context.clock),
    power: spec.power ?? 'running',
    generation: spec.generation,
    osType,
    extensions: spec.extensions ?? [],
    ...(spec.unmanagedOsDisk === true && { unmanagedOsDisk: spec.osDisk }),
  };
  store.virtualMachines.put(vm);
  giveDisks(vm, [...(osDisk ? [osDisk] : []), ...dataDisks]);
  addAutoShutdown(context, spec, base, vmId);
  addLocks(context, spec, vmId, osDisk?.id);
  if (vm.power !== 'deallocated') renewDynamicAddress(context, vm);
  if (vm.power === 'running') await context.machines.powerOn(vm, { settled: true });
  return vm;
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

function addLocks(context: Context, { locks = [] }: VmSpec, vmId: string, osDiskId: string = vmId): void {
  for (const { name, level, on = 'vm' } of locks) {
    const scope = {
      vm: vmId,
      osDisk: osDiskId,
      resourceGroup: groupOf(vmId),
      diskGroup: groupOf(osDiskId),
      subscription: subscriptionOf(vmId),
    }[on];
    addLock(context, scope, name, level);
  }
}
