import type { OperationState, PollerLike } from '@azure/core-lro';
import type { Operation } from '../model/operation.ts';
import { MedicError } from '../errors.ts';
import { retryAfter, toArmError } from './arm-error.ts';
import type { Azure, SubscriptionClients } from './clients.ts';
import { loadSdk } from './sdk.ts';
import { usualSeconds } from './usual-durations.ts';

type Provider = Operation['provider'];
/** A poller of any result: only its state matters here. */
type AnyPoller = Pick<
  PollerLike<OperationState<unknown>, unknown>,
  'submitted' | 'serialize' | 'poll' | 'isDone'
>;

/** Seconds between polls where Azure does not say (ARM's guidance: 10 s and more). */
const DEFAULT_POLL_SECONDS = 10;

/** Hands its `onResponse` to an SDK call, so that what was asked for, and the Retry-After of the first answer, are known. */
export interface BeginOptions {
  onResponse: (response: {
    headers: { get(name: string): string | undefined };
    request: { method: string; url: string };
  }) => void;
}

/**
 * Begins a long-running operation and gives back its state as plain data, without waiting for its end.
 * The poller never leaves this function: it is a thenable, and to await it would be to wait.
 */
export async function beginOperation(
  subscriptionId: string,
  provider: Provider,
  start: (options: BeginOptions) => AnyPoller,
): Promise<Operation> {
  let pollAfterSeconds = DEFAULT_POLL_SECONDS;
  let usual: number | undefined;
  const onResponse: BeginOptions['onResponse'] = ({ headers, request }) => {
    pollAfterSeconds = retryAfter(headers.get('retry-after')) ?? DEFAULT_POLL_SECONDS;
    usual ??= usualSeconds(request);
  };
  try {
    const poller = start({ onResponse });
    await poller.submitted();
    const state = await poller.serialize();
    return {
      subscriptionId,
      provider,
      state,
      done: poller.isDone,
      pollAfterSeconds,
      ...(usual === undefined ? {} : { usualSeconds: usual }),
    };
  } catch (error) {
    throw toArmError(error);
  }
}

/** States in which an operation on a resource has not ended. */
const UNSETTLED = new Set(['Creating', 'Updating', 'Deleting', 'Migrating']);

/**
 * An operation whose answer was lost may still be at work: nothing is concluded from a resource before it has ended.
 * @throws MedicError `AzureConflict`, which is waited out.
 */
export function requireSettled(resource: { name?: string; provisioningState?: string } | undefined): void {
  if (UNSETTLED.has(resource?.provisioningState ?? ''))
    throw new MedicError('AzureConflict', `An operation on ${resource?.name ?? 'it'} has not ended.`);
}

/** An operation that had nothing to do: the resource was as wanted already. */
export function nothingToDo(subscriptionId: string, provider: Provider = 'compute'): Operation {
  return { subscriptionId, provider, state: '', done: true, pollAfterSeconds: 0 };
}

/**
 * Asks Azure once how the operation stands.
 * @throws MedicError `OperationFailed` when Azure reports its failure.
 */
export async function pollOperation(azure: Azure, operation: Operation): Promise<Operation> {
  if (operation.done) return operation;
  const poller = restore(await loadSdk(), await azure(operation.subscriptionId), operation);
  try {
    await poller.poll();
    return { ...operation, state: await poller.serialize(), done: poller.isDone };
  } catch (error) {
    throw toArmError(error);
  }
}

/** Why an operation failed, in Azure's words; `undefined` where it did not fail, or its begin was never answered. */
export async function failureOf(azure: Azure, operation: Operation): Promise<string | undefined> {
  try {
    await pollOperation(azure, operation);
    return undefined;
  } catch (error) {
    return toArmError(error).message;
  }
}

/** Not asynchronous: whoever awaits a poller waits for the end of its operation. */
function restore(
  sdk: Awaited<ReturnType<typeof loadSdk>>,
  { compute, network }: SubscriptionClients,
  { provider, state }: Operation,
): AnyPoller {
  // The method named here only appears in the SDK's error text: the state says which operation it is.
  switch (provider) {
    case 'compute':
      return sdk.compute.restorePoller(compute, state, compute.virtualMachines.start);
    case 'network':
      return sdk.network.restorePoller(network, state, network.securityRules.createOrUpdate);
    default:
      throw new MedicError('Internal', `unknown provider ${String(provider)}`);
  }
}
