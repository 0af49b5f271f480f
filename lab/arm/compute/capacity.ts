import { ArmError, operationNotAllowed } from '../errors.ts';
import type { VirtualMachine } from '../store/resources.ts';
import type { Store } from '../store/store.ts';
import type { Catalogue } from './catalogue.ts';
import type { VmSize } from './sizes.ts';

/**
 * Whether a host is free. A deallocated VM may find none when it comes back, a new one as well.
 * @throws ArmError AllocationFailed or ZonalAllocationFailed, which ends the operation
 */
export function requireCapacity({ exhausted }: Catalogue, { zones, properties }: VirtualMachine): void {
  const size = properties.hardwareProfile?.vmSize?.toLowerCase();
  const full = exhausted.some(
    (entry) => entry.size.toLowerCase() === size && (entry.zone === undefined || entry.zone === zones?.[0]),
  );
  if (!full) return;
  throw new ArmError(
    409,
    zones?.length ? 'ZonalAllocationFailed' : 'AllocationFailed',
    'Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance',
  );
}

/** @throws ArmError 409 SkuNotAvailable when the subscription may not have this size there */
export function requireOffered(
  { restrictions, location }: Catalogue,
  size: VmSize,
  zones: string[] | undefined,
): void {
  const restricted = restrictions.some(
    (entry) =>
      entry.size.toLowerCase() === size.name.toLowerCase() &&
      (entry.zone === undefined || entry.zone === zones?.[0]),
  );
  if (!restricted) return;
  throw new ArmError(
    409,
    'SkuNotAvailable',
    `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size.name}' is currently not available in location '${location}'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.`,
  );
}

/** Cores that a subscription uses, by family and (`cores`) in the region. Deallocated VMs count as well: that is what quota is about. */
export function coresInUse(store: Store, catalogue: Catalogue, subscription: string): Map<string, number> {
  const used = new Map<string, number>();
  for (const { properties } of store.virtualMachines.within(subscription)) {
    const { family, vCpus } = catalogue.size(properties.hardwareProfile?.vmSize ?? '');
    for (const name of [family, 'cores']) used.set(name, (used.get(name) ?? 0) + vCpus);
  }
  return used;
}

/** @throws ArmError 409 OperationNotAllowed when the size would exceed the quota of its family or of the region */
export function requireQuota(store: Store, catalogue: Catalogue, size: VmSize, subscription: string): void {
  const used = coresInUse(store, catalogue, subscription);
  for (const name of [size.family, 'cores']) {
    const limit = catalogue.quota.get(name) ?? 0;
    const usage = used.get(name) ?? 0;
    if (usage + size.vCpus <= limit) continue;
    throw operationNotAllowed(
      `Operation could not be completed as it results in exceeding approved ${name === 'cores' ? 'Total Regional' : name} Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${catalogue.location}, Current Limit: ${String(limit)}, Current Usage: ${String(usage)}, Additional Required: ${String(size.vCpus)}, (Minimum) New Limit Required: ${String(usage + size.vCpus)}.`,
    );
  }
}
