import { isRetryable } from '../error-codes.ts';
import { MedicError } from '../errors.ts';
import type { AutoShutdown } from '../model/auto-shutdown.ts';
import type { VmId } from '../model/vm-id.ts';
import { armIfExists } from './arm-error.ts';
import type { SubscriptionClients } from './clients.ts';
import { sameResource } from './resource-id.ts';

/**
 * Reads when a VM is shut down by itself: a schedule beside it that bears its name (learn.microsoft.com, Microsoft.DevTestLab/schedules).
 * `null` where there is none, it is off, or it cannot be read: the provider need not even be registered, and no repair depends on it.
 * @throws MedicError a retryable Azure error.
 */
export async function readAutoShutdown(
  { devTestLabs }: SubscriptionClients,
  { resourceGroup, name, id }: VmId,
): Promise<AutoShutdown | null> {
  const schedule = await readable(() =>
    armIfExists(() => devTestLabs.globalSchedules.get(resourceGroup, `shutdown-computevm-${name}`)),
  );
  const { status, dailyRecurrence, timeZoneId = '', targetResourceId = '' } = schedule ?? {};
  const [, hours, minutes] = /^(\d\d):?(\d\d)$/.exec(dailyRecurrence?.time ?? '') ?? [];
  if (status !== 'Enabled' || !sameResource(targetResourceId, id)) return null;
  const timeZone = await ianaName(timeZoneId);
  if (timeZone === undefined) return null;
  if (hours === undefined || minutes === undefined) return null;
  return { minute: Number(hours) * 60 + Number(minutes), timeZone };
}

/** By a table of Windows' names, which few VMs need and no start of the app waits for. */
async function ianaName(windowsName: string): Promise<string | undefined> {
  if (windowsName === 'UTC') return 'UTC';
  const { findIana } = await import('windows-iana');
  return findIana(windowsName)[0];
}

async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MedicError && !isRetryable(error.code)) return undefined;
    throw error;
  }
}
