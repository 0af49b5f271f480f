import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { MedicError } from '../errors.ts';
import { arm } from './arm-error.ts';
import type { Azure, AzureOptions } from './clients.ts';

/**
 * Ids of the subscriptions that the caller sees.
 * Source: Subscriptions - List (learn.microsoft.com, rest/api/resources/subscriptions).
 * @throws MedicError
 */
export async function listSubscriptions({
  credential,
  endpoint,
  audience = 'https://management.azure.com',
  ca,
}: AzureOptions): Promise<string[]> {
  const client = new SubscriptionClient(credential, {
    credentials: { scopes: [`${audience}/.default`] },
    ...(endpoint !== undefined && { endpoint }),
    ...(ca !== undefined && { tlsOptions: { ca } }),
  });
  return arm(async () => {
    const ids: string[] = [];
    for await (const { subscriptionId, state } of client.subscriptions.list())
      if (subscriptionId !== undefined && state !== 'Disabled') ids.push(subscriptionId);
    return ids;
  });
}

export interface VmsOfName {
  /** Ids of the VMs that have it. */
  ids: string[];
  /** Subscriptions whose VMs the caller may not list as a whole. */
  unread: string[];
}

/** The VMs of a name in these subscriptions. @throws MedicError a retryable Azure error */
export async function findVmsByName(
  azure: Azure,
  subscriptionIds: readonly string[],
  name: string,
): Promise<VmsOfName> {
  const found: VmsOfName = { ids: [], unread: [] };
  for (const subscriptionId of subscriptionIds) {
    try {
      await arm(async () => {
        for await (const vm of (await azure(subscriptionId)).compute.virtualMachines.listAll())
          if (vm.id !== undefined && vm.name?.toLowerCase() === name.toLowerCase()) found.ids.push(vm.id);
      });
    } catch (error) {
      if (!(error instanceof MedicError) || error.code !== 'AccessDenied') throw error;
      found.unread.push(subscriptionId);
    }
  }
  return found;
}
