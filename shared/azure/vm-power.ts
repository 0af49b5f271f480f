import type { Deed } from '../model/expected.ts';
import type { Operation } from '../model/operation.ts';
import type { Azure } from './clients.ts';
import { compareThenAct, type Acting } from './compare.ts';
import { agentReady, powerStateOf, readVm, requireVmId } from './inspect-vm.ts';
import { beginOperation } from './operation.ts';

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

/** Deallocates the VM: its disks can then be swapped, its temporary disk is lost. */
export function beginDeallocate(acting: Acting, deed: Deed): Promise<Operation> {
  return compareThenAct(acting, deed, { kind: 'deallocate' }, () => power(acting, deed.vmId, 'deallocate'));
}

/** Stops the VM, which keeps its host: Windows shuts down first. */
export function beginPowerOff(acting: Acting, deed: Deed): Promise<Operation> {
  return compareThenAct(acting, deed, { kind: 'power-off' }, () => power(acting, deed.vmId, 'powerOff'));
}

/** Starts the VM, once no other operation works on it: a swap under way would have it start on another disk. */
export function beginStart(acting: Acting, deed: Deed): Promise<Operation> {
  return compareThenAct(acting, deed, { kind: 'start', settled: true }, () =>
    power(acting, deed.vmId, 'start'),
  );
}

/**
 * Restarts the VM. A second run waits for what the first may have begun, and has nothing to do where an operation has ended well since; in
 * doubt it restarts once more.
 */
export function beginRestart(acting: Acting, deed: Deed): Promise<Operation> {
  return compareThenAct(acting, deed, { kind: 'restart' }, () => power(acting, deed.vmId, 'restart'));
}

async function power(
  { azure }: Acting,
  vmId: string,
  verb: 'deallocate' | 'powerOff' | 'start' | 'restart',
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { compute } = await azure(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.virtualMachines[verb](resourceGroup, name, options),
  );
}
