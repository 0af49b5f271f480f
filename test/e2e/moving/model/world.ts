import type { Lab } from '../../../../lab/arm/start-lab.ts';
import { idKey } from '../../../../lab/arm/store/resource-id.ts';
import type { VirtualMachine } from '../../../../lab/arm/store/resources.ts';

/** What of a VM its owner would miss. */
interface VmSeen {
  vmId: string;
  power: VirtualMachine['power'];
  osDiskId: string;
  size: string | undefined;
  tags: Record<string, string>;
  dataDisks: string[];
  nics: string[];
}

/** What stands in a resource group at one moment. */
export interface World {
  vm: VmSeen | undefined;
  /** Ids of everything but scripts and locks, by their keys. */
  resources: string[];
  /** The group and the address before the VM, by the key of the NIC. */
  network: Record<string, string>;
  /** Properties of each security rule as JSON, by its key. */
  rules: Record<string, string>;
}

export function lookAtWorld({ store }: Lab, scope: string, vmId: string): World {
  const vm = store.virtualMachines.find(vmId);
  return {
    vm: vm && lookAtVm(vm),
    resources: [
      store.virtualMachines,
      store.disks,
      store.snapshots,
      store.networkInterfaces,
      store.networkSecurityGroups,
      store.publicIpAddresses,
      store.virtualNetworks,
    ].flatMap((table) => table.within(scope).map(({ id }) => idKey(id))),
    network: Object.fromEntries(
      store.networkInterfaces.within(scope).map(({ id, properties, ipConfigurations }) => {
        const address = ipConfigurations[0]?.properties.publicIPAddress?.id ?? 'no address';
        return [idKey(id), idKey(`${properties.networkSecurityGroup?.id ?? 'no group'} ${address}`)];
      }),
    ),
    rules: Object.fromEntries(
      store.networkSecurityGroups
        .within(scope)
        .flatMap(({ id, rules }) =>
          rules.map(({ name, properties }) => [
            idKey(`${id}/securityRules/${name}`),
            JSON.stringify(properties),
          ]),
        ),
    ),
  };
}

function lookAtVm({ vmId, power, tags = {}, properties }: VirtualMachine): VmSeen {
  const { osDisk, dataDisks = [] } = properties.storageProfile ?? {};
  return {
    vmId,
    power,
    tags: { ...tags },
    osDiskId: idKey(osDisk?.managedDisk?.id ?? ''),
    size: properties.hardwareProfile?.vmSize,
    dataDisks: dataDisks.map(({ managedDisk }) => idKey(managedDisk?.id ?? '')).sort(),
    nics: (properties.networkProfile?.networkInterfaces ?? []).map(({ id }) => idKey(id ?? '')).sort(),
  };
}
