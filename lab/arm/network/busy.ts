import { ArmError } from '../errors.ts';
import type { Operation } from '../operations.ts';

/** The network provider's way of saying that something else is going on. */
export function anotherOperationInProgress({
  location,
  subscriptionId,
  id,
  apiVersion,
}: Operation): ArmError {
  return new ArmError(
    409,
    'AnotherOperationInProgress',
    `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: https://${location}.network.azure.com/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/${location}/operations/${id}?api-version=${apiVersion}`,
    { details: [] },
  );
}
