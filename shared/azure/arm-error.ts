import {
  AggregateAuthenticationError,
  AuthenticationError,
  CredentialUnavailableError,
} from '@azure/identity';
import { isRestError } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import type { ErrorCode } from '../error-codes.ts';
import { MedicError } from '../errors.ts';

const errorBody = z.object({ code: z.string().optional(), message: z.string().optional() });

/**
 * Refusals that pass by themselves: another write or operation is still under way (learn.microsoft.com, Azure Resource Manager: Troubleshoot common
 * Azure deployment errors, and Virtual machines: Understand common error messages).
 */
const PASSING = new Set([
  'Conflict',
  'ConflictingConcurrentWriteNotAllowed',
  'AnotherOperationInProgress',
  'AttachDiskWhileBeingDetached',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  // With status 400: for three minutes after a VM was refused or deleted (karpenter-provider-azure#92).
  'NicReservedForAnotherVm',
  'ReferencedResourceNotProvisioned',
]);

/** How core-lro begins the text of an operation that failed (`poller/operation.ts`); ARM's code is the group. */
const FAILED_OPERATION = /^The long-running operation has failed\. (\w+)\. /;

/**
 * Names what an ARM call threw. Decided by status and ARM's `error.code`, never by searching the text.
 * The message keeps ARM's code and sentence, so that an operator can look it up.
 */
export function toArmError(error: unknown): MedicError {
  if (error instanceof MedicError) return error;
  if (
    error instanceof AuthenticationError ||
    error instanceof AggregateAuthenticationError ||
    error instanceof CredentialUnavailableError
  ) {
    // A managed identity endpoint that does not answer is waited for; one that is not there is told in the end.
    return new MedicError('AzureUnavailable', `Could not get a token for Azure: ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof Error && error.name === 'AbortError')
    return new MedicError('AzureUnavailable', 'Azure did not answer in time.', { cause: error });
  if (!isRestError(error)) {
    // core-lro reports a failed operation as a plain Error whose text carries ARM's code and message.
    const text = error instanceof Error ? error.message : String(error);
    return new MedicError('OperationFailed', text.replace(FAILED_OPERATION, '$1: '), { cause: error });
  }
  const body = z
    .union([z.object({ error: errorBody }).transform(({ error: inner }) => inner), errorBody])
    .safeParse(error.details);
  const armCode = body.data?.code ?? error.code ?? 'Unknown';
  const message = `${armCode}: ${body.data?.message ?? error.message}`;
  const retryAfterSeconds = retryAfter(error.response?.headers.get('retry-after'));
  return new MedicError(classify(error.statusCode, armCode), message, {
    cause: error,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function classify(status: number | undefined, armCode: string): ErrorCode {
  if (status === 501) return 'AzureRefused';
  if (status === undefined || status >= 500 || status === 408) return 'AzureUnavailable';
  if (status === 429) return 'AzureThrottled';
  if (armCode === 'RequestDisallowedByPolicy') return 'PolicyDenied';
  if (status === 401 || status === 403) return 'AccessDenied';
  if (armCode === 'ScopeLocked') return 'ReadOnlyLock';
  // It changed between reading and writing, if only by a tag: it is read and compared again.
  if (status === 412) return 'AzureConflict';
  if ((status === 409 || status === 400) && PASSING.has(armCode)) return 'AzureConflict';
  return 'AzureRefused';
}

/** One code of Azure's for states, quota, disks and throttling alike. */
const CATCH_ALL = /^OperationNotAllowed\b/;

/**
 * What a refusal means that is known to be none of the final ones: a code that stands for anything may stand for what passes, and with a
 * VM that is down or deleted a few tries too many cost less than a wrong end.
 */
export function waitedOut(error: unknown): unknown {
  if (!(error instanceof MedicError) || error.code !== 'AzureRefused' || !CATCH_ALL.test(error.message))
    return error;
  return new MedicError('AzureConflict', error.message, { cause: error });
}

/** Seconds of a Retry-After header; the date form is not used by ARM. */
export function retryAfter(header: string | null | undefined): number | undefined {
  const seconds = header ? Number(header) : NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 600) : undefined;
}

/** Whether ARM answered that the resource does not exist. */
export function isNotFound(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 404;
}

/** Runs an ARM call; whatever it throws leaves as a `MedicError`. */
export async function arm<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toArmError(error);
  }
}

/** As `arm`, but a missing resource is `undefined`. */
export async function armIfExists<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw toArmError(error);
  }
}
