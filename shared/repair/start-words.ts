import type { Inspection } from '../model/inspection.ts';
import type { StartRisk } from '../model/start-risk.ts';
import type { TakeDown } from '../model/settings.ts';

/** What each risk means for a VM that comes up again, as people read it. */
const RISKS: Readonly<Record<StartRisk, string>> = {
  'availability-set': 'it must start in the cluster of its availability set, which may have no free capacity',
  'proximity-group': 'it must start near the other VMs of its proximity placement group',
  'dedicated-host': 'while it is down, another VM may take its capacity on the dedicated host',
  'capacity-reservation':
    'while it is down, another VM in the capacity reservation group may take its reservation',
  spot: 'a Spot VM starts only while Azure has capacity to spare',
  'scale-set': 'its scale set may consider it unhealthy, and replace it if automatic repairs are enabled',
  zone: 'its zone must have free capacity',
  'accelerated-networking': 'accelerated networking limits the hosts it can run on',
  'fast-disks': 'Ultra disks or Premium SSD v2 limit the hosts it can run on',
  'customer-key':
    'Azure can start it only with the key of its disk encryption set; the key is tested right before the VM is stopped',
};

/**
 * What may keep a VM from coming up again, and what is done then: part of the plan, before anything goes down.
 * Codes: SupportArticles-docs, allocation-failure; what a copied disk is like: learn.microsoft.com, disks-incremental-snapshots.
 */
export function startLines({ startRisks, size, zone, location }: Inspection, takeDown: TakeDown): string[] {
  const where = zone === null ? location : `zone ${zone} of ${location}`;
  const lines =
    takeDown === 'powerOff'
      ? [
          'It keeps its host while it is powered off. The following applies only if Azure requires it to be deallocated for the swap.',
        ]
      : [];
  lines.push(
    `A deallocated VM releases its host. When it starts again, Azure may have no capacity for ${size} in ${where} (AllocationFailed, ZonalAllocationFailed, OverconstrainedAllocationRequest), no longer offer the size there (SkuNotAvailable), or the quota may have been lowered (QuotaExceeded). In that case the start is retried for 24 hours, and the report lists sizes that are available. The size is never changed automatically.`,
    'Reads from a copied disk are slow for the first hours, while Azure copies the data in the background.',
  );
  for (const risk of startRisks) lines.push(`Additional risk for this VM: ${RISKS[risk]}.`);
  return lines;
}
