import type { Inspection } from '../model/inspection.ts';
import type { StartRisk } from '../model/start-risk.ts';
import type { TakeDown } from '../model/settings.ts';

/** What each risk means for a VM that comes up again, as people read it. */
const RISKS: Readonly<Record<StartRisk, string>> = {
  'availability-set':
    'it has to start in the cluster of its availability set, where another may have taken its room',
  'proximity-group': 'it has to start where its proximity placement group stands',
  'dedicated-host': 'its room on the dedicated host is free while it is down, and another VM may take it',
  'capacity-reservation':
    'while it is down its reserved unit is free, and another VM of the reservation group may take it',
  spot: 'a Spot VM starts only while Azure has capacity to spare',
  'scale-set':
    'its scale set may count it as unhealthy, and replace it where automatic repairs are switched on',
  zone: 'its zone has to have the room',
  'accelerated-networking': 'accelerated networking narrows down the hosts that can take it',
  'fast-disks': 'Ultra disks or Premium SSD v2 narrow down the hosts that can take it',
  'customer-key':
    'Azure starts it only with the key of its disk encryption set, which is tried right before it goes down',
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
          'It keeps its host while it is powered off; only where Azure wants it deallocated for the swap does the following hold.',
        ]
      : [];
  lines.push(
    `Deallocated, it gives its host back. Azure may have none of ${size} free in ${where} when it starts (AllocationFailed, ZonalAllocationFailed, OverconstrainedAllocationRequest), or not offer the size there any more (SkuNotAvailable), or the quota may have been lowered (QuotaExceeded): then the start is tried again for 24 hours, and the report names sizes that are to be had. None is taken without you.`,
    'A disk that was copied reads slowly in its first hours, until Azure has filled it.',
  );
  for (const risk of startRisks) lines.push(`Less sure than for other VMs: ${RISKS[risk]}.`);
  return lines;
}
