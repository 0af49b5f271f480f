import { diskToWire } from '../../../../lab/arm/compute/disk-wire.ts';
import type { Lab } from '../../../../lab/arm/start-lab.ts';
import { toJsonObject, type JsonObject } from '../../../../lab/arm/store/json.ts';
import type { Disk, VirtualMachine } from '../../../../lab/arm/store/resources.ts';
import type { RestoreWay } from '../../../../shared/model/request.ts';

/** All of a VM that a repair must leave as it was, in words to compare: its body, NICs, addresses, rules and data disks. */
export function keptOf(lab: Lab, vmId: string, way: RestoreWay | undefined) {
  const vm = lab.vm(vmId);
  const { store } = lab;
  const nics = (vm.properties.networkProfile?.networkInterfaces ?? []).map(({ id }) =>
    store.networkInterfaces.get(id ?? ''),
  );
  const dataDisks = (vm.properties.storageProfile?.dataDisks ?? []).map(({ managedDisk }) =>
    lab.disk(managedDisk?.id ?? ''),
  );
  const group = vmId.replace(/\/providers\/.*$/, '');
  return structuredClone({
    power: vm.power,
    ...bodyOf(vm, way),
    nics: nics.map(({ provisioningState: _p, revision: _r, ...nic }) => nic),
    addresses: store.publicIpAddresses.within(group),
    rules: store.networkSecurityGroups.within(group).map(({ rules }) => rules),
    dataDisks: dataDisks.map(settled),
    locks: store.locks.within(group),
  });
}

/** What a rebuild loses is accepted by the request, and named in docs/vm-kinds.md: vmId, OS profile, delete options, image. */
function bodyOf(vm: VirtualMachine, way: RestoreWay | undefined) {
  const { location, zones, tags, identity, plan, vmId, properties } = vm;
  const { storageProfile, networkProfile, osProfile, ...rest } = properties;
  const { osDisk, dataDisks = [], imageReference, ...storage } = storageProfile ?? {};
  const rebuilt = way === 'rebuild';
  return {
    top: { location, zones, tags, identity, plan },
    properties: rest,
    storage,
    osDisk: { caching: osDisk?.caching, osType: osDisk?.osType },
    dataDiskEntries: dataDisks.map(({ deleteOption, createOption: _c, managedDisk, ...entry }) => ({
      ...entry,
      id: managedDisk?.id?.toLowerCase(),
      ...(!rebuilt && { deleteOption }),
    })),
    nicEntries: (networkProfile?.networkInterfaces ?? []).map(({ id, properties: entry }) => ({
      id,
      primary: entry?.primary,
      ...(!rebuilt && { deleteOption: entry?.deleteOption }),
    })),
    ...(!rebuilt && { vmId, osProfile, imageReference, deleteOption: osDisk?.deleteOption }),
  };
}

/** Times of attaching apart, and the order in which several VMs have a shared one. */
function settled({ ownershipUpdated: _o, provisioningState: _p, revision: _r, ...shown }: Disk) {
  const { managedBy, sharedWith, ...disk } = shown;
  return { ...disk, owners: [managedBy, ...(sharedWith ?? [])].map((id) => id?.toLowerCase()).sort() };
}

/** What of a disk must be the same of its copy, as Azure shows it: all but where it came from, and when. */
export function madeLike(lab: Lab, disk: Disk): JsonObject {
  const shown = toJsonObject(diskToWire(lab, disk));
  const { creationData: _from, ...properties } = toJsonObject(shown['properties']);
  for (const own of ['timeCreated', 'uniqueId', 'LastOwnershipUpdateTime', 'diskState'])
    Reflect.deleteProperty(properties, own);
  return { sku: shown['sku'], zones: shown['zones'], tags: shown['tags'] ?? {}, properties };
}
