import type { VirtualMachine } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';

export interface Where {
  /** Ids of subscriptions. */
  subscriptions: readonly string[];
  /** Names of resource groups, `*` standing for any characters: looked into one by one where a subscription may not be read whole. */
  resourceGroups: readonly string[];
}

export interface SeenVms {
  vms: VirtualMachine[];
  /** Places that the service may not read. */
  unread: string[];
}

/**
 * Every VM there, without its instance view. What may not be read is told and passed over: a role on some groups does not let their
 * subscription be listed.
 * Source: Virtual Machines - List All, and - List (learn.microsoft.com, rest/api/compute/virtual-machines).
 * @throws MedicError a retryable Azure error
 */
export async function listVms(azure: Azure, { subscriptions, resourceGroups }: Where): Promise<SeenVms> {
  const seen: SeenVms = { vms: [], unread: [] };
  for (const id of subscriptions) {
    const { virtualMachines } = (await azure(id)).compute;
    const whole = await readable(() => all(virtualMachines.listAll()));
    if (whole) {
      seen.vms.push(...whole);
      continue;
    }
    const named = resourceGroups.filter((name) => !name.includes('*'));
    if (named.length === 0) seen.unread.push(`/subscriptions/${id}`);
    for (const name of named) {
      const some = await readable(() => all(virtualMachines.list(name)));
      if (some) seen.vms.push(...some);
      else seen.unread.push(`/subscriptions/${id}/resourceGroups/${name}`);
    }
  }
  return seen;
}

async function all(pages: AsyncIterable<VirtualMachine>): Promise<VirtualMachine[]> {
  const vms: VirtualMachine[] = [];
  for await (const vm of pages) vms.push(vm);
  return vms;
}

/** What was read; nothing where it may not be, or is not there. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await armIfExists(read);
  } catch (error) {
    if (error instanceof MedicError && error.code === 'AccessDenied') return undefined;
    throw error;
  }
}
