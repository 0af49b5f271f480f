import { parseVmId } from '../model/vm-id.ts';
import { shutsDownBetween, tellAutoShutdown } from '../repair/auto-shutdown.ts';
import { hasTag } from '../repair/policy/tags.ts';
import { readAutoShutdown } from './auto-shutdown.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';

/** What leaves a VM stopped, as the Activity Log names it (resource provider operations of Microsoft.Compute). */
const STOPS = [
  'microsoft.compute/virtualmachines/deallocate/action',
  'microsoft.compute/virtualmachines/poweroff/action',
];

/** Of the events of an operation those that come when it is asked for, before its end. */
const BEGINS = ['Started', 'Accepted'];

/** Who wants a VM to stay as it is, in words; `null` where nobody is known to. */
export interface OwnersWord {
  says: string | null;
}

/** The tag by which a VM is opted out. */
export interface OptOut {
  name: string;
  optOut: string;
}

/** How far back it is looked. */
export interface Since {
  /** ISO 8601: since then this repair has not stopped the VM; `null` leaves Activity Log and schedule alone. */
  since: string | null;
  /** The time now, ISO 8601. */
  at: string;
}

/**
 * Whether somebody else wants the VM left stopped that we are bringing up: it was opted out with its tag meanwhile, by the Activity Log it was
 * stopped, or its auto-shutdown would have come. The log comes minutes late, and may not be open to us: its silence proves nothing.
 * @throws MedicError `VmNotFound`.
 */
export async function readOwnersWord(
  azure: Azure,
  vmId: string,
  { name, optOut }: OptOut,
  { since, at }: Since,
): Promise<OwnersWord> {
  const { tags = {} } = await readVm(azure, vmId);
  if (hasTag(tags, name, optOut)) return { says: `it was opted out with its tag ${name}: ${optOut}` };
  if (since === null) return { says: null };
  return { says: (await stoppedSince(azure, vmId, since)) ?? (await shutDownSince(azure, vmId, since, at)) };
}

async function shutDownSince(azure: Azure, vmId: string, since: string, at: string): Promise<string | null> {
  const vm = requireVmId(vmId);
  const schedule = await readAutoShutdown(await azure(vm.subscriptionId), vm);
  if (!schedule || !shutsDownBetween(schedule, Date.parse(since), Date.parse(at))) return null;
  return `its auto-shutdown is ${tellAutoShutdown(schedule)}`;
}

async function stoppedSince(azure: Azure, vmId: string, since: string): Promise<string | null> {
  const { subscriptionId } = requireVmId(vmId);
  const filter = `eventTimestamp ge '${since}' and resourceUri eq '${parseVmId(vmId)?.id ?? vmId}'`;
  try {
    const events = (await azure(subscriptionId)).monitor.activityLogs.list(filter, {
      select: 'operationName,status,caller,eventTimestamp',
    });
    for await (const { operationName, status, caller, eventTimestamp } of events) {
      const stops = STOPS.includes(operationName?.value.toLowerCase() ?? '');
      // An end alone may be that of a stop which was asked for before: our own.
      if (stops && BEGINS.includes(status?.value ?? ''))
        return `${caller ?? 'somebody'} stopped it at ${eventTimestamp?.toISOString() ?? since}`;
    }
    return null;
  } catch {
    return null;
  }
}
