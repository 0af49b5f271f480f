import { ComputeManagementClient } from '@azure/arm-compute';
import { ManagementLockClient } from '@azure/arm-locks';
import { NetworkManagementClient } from '@azure/arm-network';
import type { TokenCredential } from '@azure/identity';

/** The ARM clients of one subscription. */
export interface SubscriptionClients {
  readonly compute: ComputeManagementClient;
  readonly network: NetworkManagementClient;
  readonly locks: ManagementLockClient;
}

/** The one way to Azure Resource Manager: clients by subscription id. */
export type Azure = (subscriptionId: string) => SubscriptionClients;

export interface AzureOptions {
  credential: TokenCredential;
  /** ARM endpoint; the public cloud's where left out. */
  endpoint?: string | undefined;
  /** Whom tokens are for, where not the public cloud. */
  audience?: string | undefined;
  /** PEM of a further certificate authority to trust, for an endpoint with a certificate of its own. */
  ca?: string | undefined;
}

const PUBLIC_AUDIENCE = 'https://management.azure.com';

/**
 * Builds the clients once per subscription. The SDK's own retries are off: a 429 or 5xx goes back to the
 * orchestrator, which waits with a durable timer (design, section 3: no activity sleeps).
 */
export function createAzure({ credential, endpoint, audience = PUBLIC_AUDIENCE, ca }: AzureOptions): Azure {
  const scope = `${audience}/.default`;
  const options = {
    retryOptions: { maxRetries: 0 },
    // The newer clients take the scope in the one form, the older ones in the other.
    credentials: { scopes: [scope] },
    credentialScopes: scope,
    ...(ca === undefined ? {} : { tlsOptions: { ca } }),
  };
  const bySubscription = new Map<string, SubscriptionClients>();
  return (subscriptionId) => {
    const known = bySubscription.get(subscriptionId);
    if (known) return known;
    const located = endpoint === undefined ? options : { ...options, endpoint };
    const clients: SubscriptionClients = {
      compute: new ComputeManagementClient(credential, subscriptionId, located),
      network: new NetworkManagementClient(credential, subscriptionId, located),
      locks: new ManagementLockClient(credential, subscriptionId, located),
    };
    bySubscription.set(subscriptionId, clients);
    return clients;
  };
}
