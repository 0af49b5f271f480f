import type { Context } from '../context.ts';
import { toJson, type JsonValue } from '../store/json.ts';
import type { Disk, Snapshot, VirtualMachine } from '../store/resources.ts';
import { ownersOf } from './ownership.ts';

const GIB = 2 ** 30;

type DiskView = Pick<Context, 'store' | 'clock' | 'behaviour'>;

/** A disk as ARM shows it. */
export function diskToWire(context: DiskView, disk: Disk): JsonValue {
  const { store } = context;
  const vm = disk.managedBy === undefined ? undefined : store.virtualMachines.find(disk.managedBy);
  return toJson({
    ...(vm && { managedBy: vm.id }),
    ...(disk.sharedWith && { managedByExtended: ownersOf(disk) }),
    id: disk.id,
    name: disk.name,
    type: disk.type,
    location: disk.location,
    tags: disk.tags,
    zones: disk.zones,
    sku: { ...disk.sku, tier: disk.sku.name.startsWith('Premium') ? 'Premium' : 'Standard' },
    properties: {
      ...performanceOf(disk),
      ...common(disk),
      creationData: { ...disk.properties.creationData, sourceUniqueId: disk.sourceUniqueId },
      LastOwnershipUpdateTime: disk.ownershipUpdated,
      diskState: stateOf(context, disk, vm),
    },
  });
}

function stateOf(context: DiskView, { exported }: Disk, vm: VirtualMachine | undefined): string {
  if (vm === undefined) return exported ? 'ActiveSAS' : 'Unattached';
  return isReserved(context, vm) ? 'Reserved' : 'Attached';
}

/** Premium SSDs by size: their tier with its IOPS and MB/s (learn.microsoft.com, disks-types, Premium SSD sizes). */
const PREMIUM = [
  [32, 'P4', 120, 25],
  [64, 'P6', 240, 50],
  [128, 'P10', 500, 100],
  [256, 'P15', 1100, 125],
  [512, 'P20', 2300, 150],
  [1024, 'P30', 5000, 200],
] as const;

/** What a disk does, which its size decides; of the kinds without tiers, what those of up to 1 TiB do (the same page). */
function performanceOf({ sku, properties }: Disk): object {
  const found = PREMIUM.find(([size]) => (properties.diskSizeGB ?? 0) <= size);
  if (!sku.name.startsWith('Premium') || !found) return { diskIOPSReadWrite: 500, diskMBpsReadWrite: 60 };
  const [, tier, diskIOPSReadWrite, diskMBpsReadWrite] = found;
  return { tier, diskIOPSReadWrite, diskMBpsReadWrite };
}

/** The disks of a deallocated VM show it, though not always at once. */
function isReserved({ clock, behaviour }: DiskView, { power, deallocatedAt = 0 }: VirtualMachine): boolean {
  return power === 'deallocated' && clock.now() >= deallocatedAt + behaviour.reservedAfterSeconds * 1000;
}

/** A snapshot as ARM shows it; `completionPercent` only for a background copy. */
export function snapshotToWire(now: number, snapshot: Snapshot): JsonValue {
  const { copy } = snapshot;
  const { creationData } = snapshot.properties;
  return toJson({
    id: snapshot.id,
    name: snapshot.name,
    type: snapshot.type,
    location: snapshot.location,
    tags: snapshot.tags,
    sku: { ...snapshot.sku, tier: snapshot.sku.name.startsWith('Premium') ? 'Premium' : 'Standard' },
    properties: {
      ...common(snapshot),
      creationData: { ...creationData, sourceUniqueId: snapshot.sourceUniqueId },
      incremental: snapshot.properties.incremental ?? false,
      ...(snapshot.properties.incremental && { incrementalSnapshotFamilyId: snapshot.familyId }),
      diskState: 'Unattached',
      ...(copy && {
        completionPercent: Math.min(100, Math.floor((100 * (now - copy.from)) / (copy.to - copy.from))),
      }),
      snapshotAccessState: copy && now < copy.to ? 'Pending' : 'Available',
    },
  });
}

function common({ properties, timeCreated, uniqueId, provisioningState }: Disk | Snapshot): object {
  return {
    encryption: { type: 'EncryptionAtRestWithPlatformKey' },
    networkAccessPolicy: 'AllowAll',
    publicNetworkAccess: 'Enabled',
    ...properties,
    diskSizeBytes: (properties.diskSizeGB ?? 0) * GIB,
    timeCreated,
    uniqueId,
    provisioningState,
  };
}
