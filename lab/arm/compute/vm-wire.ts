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

/**
 * The storage profile with what the disks themselves know: a deallocated VM shows no disk type or size, but always the encryption sets
 * (ManagedDiskParameters), so that whoever sends it back needs the right to read those.
 */
export function storageToWire(
  { store }: Context,
  vm: VirtualMachine,
  profile: StorageProfile | undefined,
): JsonObject {
  const shown = (disk: OsDisk | DataDisk): object => {
    const id = disk.managedDisk?.id;
    const known = id === undefined ? undefined : store.disks.find(id);
    if (!known) return disk;
    const set = known.properties.encryption?.diskEncryptionSetId;
    const isOn = vm.power !== 'deallocated';
    return {
      ...disk,
      managedDisk: {
        ...(isOn && { storageAccountType: known.sku.name }),
        ...(set !== undefined && { diskEncryptionSet: { id: set } }),
        ...disk.managedDisk,
      },
      ...(isOn && { diskSizeGB: known.properties.diskSizeGB }),
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
      ...withoutSas(properties),
      provisioningState,
      ...(expandInstanceView && { instanceView: command.instanceView }),
    },
  });
}

/** The SAS of an output blob does not come back, only the blob's address (recorded traffic of run commands). */
function withoutSas(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) =>
      name.endsWith('BlobUri') && typeof value === 'string' ? [name, value.split('?')[0]] : [name, value],
    ),
  );
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
