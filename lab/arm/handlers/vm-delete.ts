import { moveOwnership, takeFrom } from '../compute/ownership.ts';
import { settle } from '../compute/provisioning.ts';
import type { Context } from '../context.ts';
import type { ArmAnswer, ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import type { VirtualMachine } from '../store/resources.ts';
import { requireGroup } from '../store/store.ts';
import { SECONDS } from '../timings.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

export const vmDeleteRoutes: Route[] = [
  {
    method: 'DELETE',
    path: `${PATHS.groupCompute}/virtualMachines/:name`,
    action: `${TYPE}/delete`,
    handle: remove,
  },
];

function remove(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  requireGroup(store, request.target);
  const vm = store.virtualMachines.find(request.target);
  if (!vm) return { status: 204 };
  const operation = operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    preempts: true,
    async work({ pass }) {
      await pass(SECONDS.vmDelete);
      await removeVm(context, vm);
      return { status: 200 };
    },
    failed: () => {
      settle(context, vm, 'Failed');
    },
  });
  vm.provisioningState = 'Deleting';
  return { status: 202, operation };
}

/** Takes a VM away with what its delete options say: disks and NICs set to Delete go too, others stay behind free. */
export async function removeVm(
  { store, machines, operations, clock }: Context,
  vm: VirtualMachine,
): Promise<void> {
  operations.preemptBelow(vm.id);
  await machines.powerOff(vm);
  const { osDisk, dataDisks = [] } = vm.properties.storageProfile ?? {};
  for (const entry of [osDisk, ...dataDisks]) {
    const disk = entry?.managedDisk?.id === undefined ? undefined : store.disks.find(entry.managedDisk.id);
    if (!entry || !disk) continue;
    // An ephemeral disk lives on the host and dies with the VM.
    const ephemeral = entry === osDisk && osDisk.diffDiskSettings !== undefined;
    if (entry.deleteOption === 'Delete' || ephemeral) store.disks.remove(disk.id);
    else {
      takeFrom(vm, disk);
      moveOwnership({ clock }, disk);
    }
  }
  for (const { id, properties } of vm.properties.networkProfile?.networkInterfaces ?? []) {
    const nic = id === undefined ? undefined : store.networkInterfaces.find(id);
    if (!nic) continue;
    if (properties?.deleteOption === 'Delete') store.networkInterfaces.remove(nic.id);
    else delete nic.virtualMachine;
  }
  for (const command of store.runCommands.within(vm.id)) store.runCommands.remove(command.id);
  store.virtualMachines.remove(vm.id);
}
