import { toTimestamp } from './context.ts';
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

/** As long as the signatures that poll addresses bear since 2023: with them an address has some 3.5 KB (recorded traffic). */
const SIGNATURE = Object.entries({ t: 18, c: 2700, s: 342, h: 43 })
  .map(([name, length]) => `${name}=${'0'.repeat(length)}`)
  .join('&');

/** Headers of the first answer of a long operation: mostly both URLs, since a client takes the one it knows. */
export function asyncHeaders(operation: Operation, origin: string): Record<string, string> {
  const { family, subscriptionId, location, id, apiVersion } = operation;
  const version = `api-version=${apiVersion}&${SIGNATURE}`;
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
    ...(!isPutAlone(operation) && { Location: `${base}/${result}/${id}?${monitor}${version}` }),
    ...retryAfter,
  };
}

/** A PUT of a VM or of a network resource names its status only: the result is the resource itself (recorded traffic). */
function isPutAlone({ method, family, target }: Operation): boolean {
  if (method !== 'PUT') return false;
  return family === 'network' || /\/virtualMachines\/[^/]+$/i.test(target);
}

/**
 * Answer of the Azure-AsyncOperation URL: always 200, whatever became of the operation. That of a network operation has its status and
 * no more, that of a disk operation what came of it too (recorded traffic).
 */
export function statusAnswer(operation: Operation): ArmAnswer {
  const { id, family, startTime, endTime, status, error, result } = operation;
  return {
    status: 200,
    headers: status === 'InProgress' ? { 'Retry-After': String(RETRY_AFTER_SECONDS[operation.family]) } : {},
    body: {
      ...(family !== 'network' && {
        startTime: toTimestamp(startTime),
        ...(endTime !== undefined && { endTime: toTimestamp(endTime) }),
        name: id,
      }),
      status,
      ...(error && { error: { code: error.code, message: error.message } }),
      ...(family === 'disks' && result?.body !== undefined && { properties: { output: result.body } }),
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
