import { parseVmId } from '../model/vm-id.ts';
import { hasTag } from '../repair/policy/tags.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';

/** What leaves a VM stopped, as the Activity Log names it (resource provider operations of Microsoft.Compute). */
const STOPS = [
  'microsoft.compute/virtualmachines/deallocate/action',
  'microsoft.compute/virtualmachines/poweroff/action',
];

/** Who wants a VM to stay as it is, in words; `null` where nobody is known to. */
export interface OwnersWord {
  says: string | null;
}

/** The tag by which a VM is opted out. */
export interface OptOut {
  name: string;
  optOut: string;
}

/**
 * Whether somebody else wants the VM left stopped that we are bringing up: it was opted out by its tag meanwhile, or, by the Activity
 * Log, stopped. The log comes minutes late, and may not be open to us: its silence proves nothing.
 * @param since ISO 8601: since then this repair has not stopped the VM; `null` leaves the log alone
 * @throws MedicError `VmNotFound`.
 */
export async function readOwnersWord(
  azure: Azure,
  vmId: string,
  { name, optOut }: OptOut,
  since: string | null,
): Promise<OwnersWord> {
  const { tags = {} } = await readVm(azure, vmId);
  if (hasTag(tags, name, optOut)) return { says: `it was opted out by its tag ${name}: ${optOut}` };
  return { says: since === null ? null : await stoppedSince(azure, vmId, since) };
}

async function stoppedSince(azure: Azure, vmId: string, since: string): Promise<string | null> {
  const { subscriptionId } = requireVmId(vmId);
  const filter = `eventTimestamp ge '${since}' and resourceUri eq '${parseVmId(vmId)?.id ?? vmId}'`;
  try {
    const events = azure(subscriptionId).monitor.activityLogs.list(filter, {
      select: 'operationName,status,caller,eventTimestamp',
    });
    for await (const { operationName, status, caller, eventTimestamp } of events) {
      const stops = STOPS.includes(operationName?.value.toLowerCase() ?? '');
      if (stops && status?.value !== 'Failed')
        return `${caller ?? 'somebody'} stopped it at ${eventTimestamp?.toISOString() ?? since}`;
    }
    return null;
  } catch {
    return null;
  }
}
