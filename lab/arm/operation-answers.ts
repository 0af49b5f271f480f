import type { ArmAnswer } from './http.ts';
import type { Operation, OperationFamily } from './operations.ts';
import { RETRY_AFTER_SECONDS } from './timings.ts';

/** Where the status and the result of an operation are polled (contract, 4.1). */
const PATHS: Record<OperationFamily, { status: string; result: string }> = {
  compute: { status: 'operations', result: 'operations' },
  disks: { status: 'DiskOperations', result: 'DiskOperations' },
  network: { status: 'operations', result: 'operationResults' },
  resources: { status: 'operationresults', result: 'operationresults' },
};

/** Headers of the first answer of a long operation: both URLs, since a client takes the one it knows. */
export function asyncHeaders(operation: Operation, origin: string): Record<string, string> {
  const { family, subscriptionId, location, id, apiVersion } = operation;
  const version = `api-version=${apiVersion}`;
  const retryAfter = { 'Retry-After': String(RETRY_AFTER_SECONDS[family]) };
  if (family === 'resources') {
    return {
      Location: `${origin}/subscriptions/${subscriptionId}/operationresults/${id}?${version}`,
      ...retryAfter,
    };
  }
  const provider = family === 'network' ? 'Microsoft.Network' : 'Microsoft.Compute';
  const base = `${origin}/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}`;
  const { status, result } = PATHS[family];
  const monitor = family === 'network' ? '' : 'monitor=true&';
  return {
    'Azure-AsyncOperation': `${base}/${status}/${id}?${version}`,
    Location: `${base}/${result}/${id}?${monitor}${version}`,
    ...retryAfter,
  };
}

/** Answer of the Azure-AsyncOperation URL: always 200, whatever became of the operation. */
export function statusAnswer(operation: Operation): ArmAnswer {
  const { id, startTime, endTime, status, error } = operation;
  return {
    status: 200,
    headers: status === 'InProgress' ? { 'Retry-After': String(RETRY_AFTER_SECONDS[operation.family]) } : {},
    body: {
      startTime: new Date(startTime).toISOString(),
      ...(endTime !== undefined && { endTime: new Date(endTime).toISOString() }),
      status,
      ...(error && { error: { code: error.code, message: error.message } }),
      name: id,
    },
  };
}

/** Answer of the Location URL: 202 while it runs, then what the synchronous answer would have been. */
export function resultAnswer(operation: Operation, origin: string): ArmAnswer {
  if (operation.error) throw operation.error;
  if (operation.result) return operation.result;
  const { 'Azure-AsyncOperation': _, ...headers } = asyncHeaders(operation, origin);
  return { status: 202, headers };
}
