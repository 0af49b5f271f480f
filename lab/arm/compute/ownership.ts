import { timestamp, type Context } from '../context.ts';
import { sameId } from '../store/resource-id.ts';
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

/** The VMs that have a disk: several of a shared one. */
export function ownersOf({ managedBy, sharedWith = [] }: Disk): string[] {
  return managedBy === undefined ? [] : [managedBy, ...sharedWith];
}

/** Whether a disk may go to one VM more (learn.microsoft.com, disks-shared: `maxShares`). */
export function isRoomOn(disk: Disk): boolean {
  return ownersOf(disk).length < (disk.properties.maxShares ?? 1);
}

export function giveTo({ id }: VirtualMachine, disk: Disk): void {
  const owners = ownersOf(disk);
  if (owners.some((owner) => sameId(owner, id))) return;
  own(disk, [...owners, id]);
}

export function takeFrom({ id }: VirtualMachine, disk: Disk): void {
  own(
    disk,
    ownersOf(disk).filter((owner) => !sameId(owner, id)),
  );
}

function own(disk: Disk, [first, ...others]: string[]): void {
  delete disk.managedBy;
  delete disk.sharedWith;
  if (first !== undefined) disk.managedBy = first;
  if (others.length > 0) disk.sharedWith = others;
}
