import type { Context } from '../context.ts';
import { toJson, type JsonObject, type JsonValue } from '../store/json.ts';
import { groupOf, idKey, nameOf } from '../store/resource-id.ts';
import type { Extension, ManagedRunCommand, VirtualMachine } from '../store/resources.ts';
import { instanceView } from './instance-view.ts';
import type { DataDisk, OsDisk, StorageProfile } from './vm-schema.ts';

/** What a VM shows only when asked for. */
export interface Expand {
  instanceView?: boolean;
  userData?: boolean;
}

/** A VM as ARM shows it. Passwords never come back; instance view and user data only on demand. */
export function vmToWire(context: Context, vm: VirtualMachine, expand: Expand = {}): JsonValue {
  const { osProfile, storageProfile, virtualMachineScaleSet, userData, ...properties } = vm.properties;
  const { adminPassword: _password, customData: _data, ...shownOsProfile } = osProfile ?? {};
  return toJson({
    name: vm.name,
    id: vm.id,
    type: vm.type,
    location: vm.location,
    tags: vm.tags,
    zones: vm.zones,
    identity: vm.identity,
    plan: vm.plan,
    etag: vmEtag(vm),
    ...(virtualMachineScaleSet && { managedBy: virtualMachineScaleSet.id }),
    ...(vm.extensions.length > 0 && {
      resources: vm.extensions.map((extension) => extensionToWire(vm, extension)),
    }),
    properties: {
      ...properties,
      ...(virtualMachineScaleSet && { virtualMachineScaleSet }),
      vmId: vm.vmId,
      ...(osProfile && { osProfile: { secrets: [], allowExtensionOperations: true, ...shownOsProfile } }),
      storageProfile: storageToWire(context, vm, storageProfile),
      provisioningState: vm.provisioningState,
      timeCreated: vm.timeCreated,
      ...(expand.userData === true && { userData }),
      ...(expand.instanceView === true && { instanceView: instanceView(context, vm) }),
    },
  });
}

/** `"1"`, quotes included. */
export function vmEtag({ revision }: VirtualMachine): string {
  return `"${String(revision)}"`;
}

/** The storage profile with what the disks themselves know: a deallocated VM shows no disk type or size. */
export function storageToWire(
  { store }: Context,
  vm: VirtualMachine,
  profile: StorageProfile | undefined,
): JsonObject {
  const known = (
    id: string | undefined,
  ): { diskSizeGB?: number | undefined; storageAccountType?: string } => {
    const disk = id === undefined ? undefined : store.disks.find(id);
    if (!disk || vm.power === 'deallocated') return {};
    return { diskSizeGB: disk.properties.diskSizeGB, storageAccountType: disk.sku.name };
  };
  const shown = (disk: OsDisk | DataDisk): object => {
    const { diskSizeGB, storageAccountType } = known(disk.managedDisk?.id);
    return {
      ...disk,
      ...(disk.managedDisk && { managedDisk: { storageAccountType, ...disk.managedDisk } }),
      ...(diskSizeGB !== undefined && { diskSizeGB }),
    };
  };
  const { osDisk, dataDisks = [], ...rest } = profile ?? {};
  return {
    ...rest,
    ...(osDisk && { osDisk: toJson(shown(osDisk)) }),
    dataDisks: dataDisks.map((disk) => toJson(shown(disk))),
  };
}

export function extensionToWire(
  vm: VirtualMachine,
  { name, publisher, type, version }: Extension,
): JsonObject {
  return {
    name,
    id: `${vm.id}/extensions/${name}`,
    type: 'Microsoft.Compute/virtualMachines/extensions',
    location: vm.location,
    properties: {
      autoUpgradeMinorVersion: true,
      provisioningState: 'Succeeded',
      publisher,
      type,
      typeHandlerVersion: version,
      settings: {},
    },
  };
}

export function runCommandToWire(command: ManagedRunCommand, expandInstanceView = false): JsonValue {
  const { id, name, type, location, tags, properties, provisioningState } = command;
  return toJson({
    name,
    id,
    type,
    location,
    tags,
    properties: {
      ...properties,
      provisioningState,
      ...(expandInstanceView && { instanceView: command.instanceView }),
    },
  });
}

/** Id of a disk that a VM makes for itself, in the VM's own group. */
export function ownDiskId(vmId: string, name: string): string {
  return `${groupOf(vmId)}/providers/Microsoft.Compute/disks/${name}`;
}

/** Whether an id is the same disk as another, given by id or by name. */
export function isDisk(
  disk: { name?: string | undefined; managedDisk?: { id?: string | undefined } | undefined },
  id: string,
): boolean {
  return disk.managedDisk?.id === undefined
    ? disk.name === nameOf(id)
    : idKey(disk.managedDisk.id) === idKey(id);
}
