import { makeImages } from '../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { DiskView, PartitionView } from '../../../lab/windows/machine.ts';
import type { Bench, BenchVm } from './support.ts';

export const LUN = 1;

export function freshDisk(sku: string): GuestDisk {
  const image = makeImages().find((candidate) => candidate.sku === sku);
  if (!image) throw new Error(`the lab has no image ${sku}`);
  return image.makeDisk('RESCUE');
}

/** A rescue VM with a disk attached at the LUN. */
export async function rescue(
  bench: Bench,
  disk: GuestDisk,
  sku = '2019-datacenter-smalldisk-g2',
): Promise<BenchVm> {
  const vm = await bench.boot('rescue', { disk: freshDisk(sku) });
  vm.guest.attachDisk(LUN, disk);
  return vm;
}

/** The disk at the LUN. */
export function attached(vm: BenchVm): DiskView {
  const disk = vm
    .machine()
    .storage.disks()
    .find(({ lun }) => lun === LUN);
  if (!disk) throw new Error('nothing is attached');
  return disk;
}

/** Makes it writable and brings it online. */
export function bringUp(vm: BenchVm): PartitionView[] {
  const { storage } = vm.machine();
  const { number } = attached(vm);
  storage.setReadOnly(number, false);
  storage.setOnline(number);
  return storage.partitions(number);
}
