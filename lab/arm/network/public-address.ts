import { primaryNic } from '../compute/machines.ts';
import type { Context } from '../context.ts';
import type { PublicIpAddress, VirtualMachine } from '../store/resources.ts';

/** A dynamic public address belongs to the VM only while it is allocated. */
export function releaseDynamicAddress(context: Context, vm: VirtualMachine): void {
  const publicIp = publicIpOf(context, vm);
  if (publicIp?.allocation === 'Dynamic') delete publicIp.ipAddress;
}

/** A VM that starts gets another dynamic address than it had. */
export function renewDynamicAddress(context: Context, vm: VirtualMachine): void {
  const publicIp = publicIpOf(context, vm);
  if (publicIp) publicIp.ipAddress ??= context.addresses.nextPublic();
}

function publicIpOf({ store }: Context, vm: VirtualMachine): PublicIpAddress | undefined {
  const id = primaryNic(store, vm)?.ipConfigurations[0]?.properties.publicIPAddress?.id;
  return id === undefined ? undefined : store.publicIpAddresses.find(id);
}
