import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { ComputeManagementClient } from '@azure/arm-compute';
import type { ManagementLockClient } from '@azure/arm-locks';
import type { DevTestLabsClient } from '@azure/arm-devtestlabs';
import type { MonitorClient } from '@azure/arm-monitor';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { PolicyInsightsClient } from '@azure/arm-policyinsights';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { withDeadline } from '../call-deadline.ts';
import { keepsReasons } from './canceled-operations.ts';
import { readPrincipal } from './principal.ts';
import { loadSdk } from './sdk.ts';
import { traceCalls } from './trace-calls.ts';

/** The ARM clients of one subscription. */
export interface SubscriptionClients {
  readonly compute: ComputeManagementClient;
  readonly network: NetworkManagementClient;
  readonly locks: ManagementLockClient;
  readonly authorization: AuthorizationManagementClient;
  readonly monitor: MonitorClient;
  /** Knows what Azure Policy would say. */
  readonly policy: PolicyInsightsClient;
  /** Has the auto-shutdown of VMs, also of those in no lab. */
  readonly devTestLabs: DevTestLabsClient;
  /** The object id of the service's own identity; `undefined` where its token does not tell. */
  principal(): Promise<string | undefined>;
}

/** The one way to Azure Resource Manager: clients by subscription id. */
export type Azure = (subscriptionId: string) => Promise<SubscriptionClients>;

export interface AzureOptions {
  credential: TokenCredential;
  /** ARM endpoint; the public cloud's where left out. */
  endpoint?: string | undefined;
  /** Whom tokens are for, where not the public cloud. */
  audience?: string | undefined;
  /** PEM of a further certificate authority to trust, for an endpoint with a certificate of its own. */
  ca?: string | undefined;
  /** How long one call may take; a minute where left out. */
  timeoutMs?: number | undefined;
}

/** A call that hangs would end with the whole worker, and everything that runs on it. */
const CALL_TIMEOUT_MS = 60_000;

const PUBLIC_AUDIENCE = 'https://management.azure.com';

/**
 * Builds the clients once per subscription. The SDK's own retries are off: a 429 or 5xx goes back to the
 * orchestrator, which waits with a durable timer (docs/architecture.md: no activity sleeps).
 */
export function createAzure({
  credential,
  endpoint,
  audience = PUBLIC_AUDIENCE,
  ca,
  timeoutMs = CALL_TIMEOUT_MS,
}: AzureOptions): Azure {
  const scope = `${audience}/.default`;
  const options = {
    retryOptions: { maxRetries: 0 },
    // The newer clients take the scope in the one form, the older ones in the other.
    credentials: { scopes: [scope] },
    credentialScopes: scope,
    additionalPolicies: [
      { policy: endsAfter(timeoutMs), position: 'perCall' as const },
      { policy: traceCalls(), position: 'perRetry' as const },
      { policy: keepsReasons(), position: 'perCall' as const },
    ],
    ...(ca === undefined ? {} : { tlsOptions: { ca } }),
  };
  const located = endpoint === undefined ? options : { ...options, endpoint };
  const bySubscription = new Map<string, SubscriptionClients>();
  return async (subscriptionId) => {
    const known = bySubscription.get(subscriptionId);
    if (known) return known;
    const sdk = await loadSdk();
    const clients: SubscriptionClients = {
      compute: new sdk.compute.ComputeManagementClient(credential, subscriptionId, located),
      network: new sdk.network.NetworkManagementClient(credential, subscriptionId, located),
      locks: new sdk.locks.ManagementLockClient(credential, subscriptionId, located),
      authorization: new sdk.authorization.AuthorizationManagementClient(credential, subscriptionId, located),
      devTestLabs: new sdk.devTestLabs.DevTestLabsClient(credential, subscriptionId, located),
      monitor: new sdk.monitor.MonitorClient(credential, subscriptionId, located),
      policy: new sdk.policy.PolicyInsightsClient(credential, subscriptionId, located),
      principal: () => readPrincipal(credential, scope),
    };
    bySubscription.set(subscriptionId, clients);
    return clients;
  };
}

/** Ends a call that is not answered in time. */
function endsAfter(timeoutMs: number): PipelinePolicy {
  return {
    name: 'endsAfter',
    sendRequest: (request, next) => withDeadline(request, timeoutMs, () => next(request)),
  };
}
