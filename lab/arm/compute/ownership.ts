import { timestamp, type Context } from '../context.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';

/**
 * Moves `LastOwnershipUpdateTime`: "the time the disk was last attached or detached from a VM or the time when the VM to
 * which the disk was attached was deallocated or started" (SDK 25.1.1). Powering off and restarting are not among them.
 */
export function moveOwnership({ clock }: Pick<Context, 'clock'>, ...disks: (Disk | undefined)[]): void {
  for (const disk of disks) if (disk) disk.ownershipUpdated = timestamp(clock);
}

/** The managed disks of a VM: its OS disk and its data disks. */
export function disksOf({ store }: Pick<Context, 'store'>, vm: VirtualMachine): Disk[] {
  const { osDisk, dataDisks = [] } = vm.properties.storageProfile ?? {};
  return [osDisk, ...dataDisks].flatMap((entry) => {
    const id = entry?.managedDisk?.id;
    return (id === undefined ? undefined : store.disks.find(id)) ?? [];
  });
}
