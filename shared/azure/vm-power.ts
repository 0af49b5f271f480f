import type { Operation } from '../model/operation.ts';
import type { Azure } from './clients.ts';
import { agentReady, powerStateOf, readVm, requireVmId } from './inspect-vm.ts';
import { beginOperation, nothingToDo } from './operation.ts';

export interface VmStatus {
  powerState: string;
  agentReady: boolean;
  provisioningState: string;
}

/** How the VM stands now. @throws MedicError `VmNotFound`. */
export async function readVmStatus(azure: Azure, vmId: string): Promise<VmStatus> {
  const vm = await readVm(azure, vmId);
  return {
    powerState: powerStateOf(vm),
    agentReady: agentReady(vm),
    provisioningState: vm.provisioningState ?? 'Unknown',
  };
}

/** Deallocates the VM unless it is: its disks can then be swapped, its temporary disk is lost. */
export async function beginDeallocate(azure: Azure, vmId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { powerState } = await readVmStatus(azure, vmId);
  if (powerState === 'deallocated') return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    azure(subscriptionId).compute.virtualMachines.deallocate(resourceGroup, name, options),
  );
}

/** Starts the VM unless it runs. */
export async function beginStart(azure: Azure, vmId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { powerState } = await readVmStatus(azure, vmId);
  if (powerState === 'running') return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    azure(subscriptionId).compute.virtualMachines.start(resourceGroup, name, options),
  );
}

/** Restarts the VM. A second run restarts it once more: harmless, and there is nothing to tell the two apart by. */
export async function beginRestart(azure: Azure, vmId: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    azure(subscriptionId).compute.virtualMachines.restart(resourceGroup, name, options),
  );
}
