import type { Clock } from '../../../shared/clock.ts';
import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { vmBodySchema } from '../compute/vm-schema.ts';
import type { JsonValue } from '../store/json.ts';
import { sameId } from '../store/resource-id.ts';
import type { NetworkInterface } from '../store/resources.ts';

/** How long Azure keeps a NIC for a VM that it refused, by the text of its answer. */
const RESERVED_SECONDS = 180;

/**
 * A VM that was refused keeps the NICs it named for three minutes (bosh-azure-cpi-release#366, karpenter-provider-azure#92,
 * gardenlinux#4133: the NIC cannot be deleted after a VM was refused for want of quota or for other reasons).
 */
export function reserveNics({ store, clock }: Context, vmId: string, body: JsonValue): void {
  const { properties } = vmBodySchema.safeParse(body).data ?? {};
  for (const { id } of properties?.networkProfile?.networkInterfaces ?? []) {
    const nic = id === undefined ? undefined : store.networkInterfaces.find(id);
    if (nic && nic.virtualMachine === undefined)
      nic.reserved = { vm: vmId, until: clock.now() + RESERVED_SECONDS * 1000 };
  }
}

/** @throws ArmError 400 NicReservedForAnotherVm while it is kept for any VM but `vmId` */
export function refuseReserved(clock: Clock, { reserved }: NetworkInterface, vmId?: string): void {
  if (!reserved || clock.now() >= reserved.until || sameId(reserved.vm, vmId)) return;
  throw new ArmError(
    400,
    'NicReservedForAnotherVm',
    `Nic(s) in request is reserved for another Virtual Machine for ${String(RESERVED_SECONDS)} seconds. Please provide another nic(s) or retry after ${String(RESERVED_SECONDS)} seconds. Reserved VM: ${reserved.vm}`,
    { details: [] },
  );
}
