import { MedicError } from '../errors.ts';

/** By these names the SDK of the storage account throws what it was answered, and that it was not answered in time. */
const NAMES = new Set(['RestError', 'AbortError']);

/**
 * Names what a call to storage threw, and is waited out, as Azure that is away is: a role that was just assigned, a firewall that was
 * just changed, a service that is busy. Azure Resource Manager's errors have names by then. Anything else is given back as it is.
 */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MedicError || !NAMES.has(error.name)) return error;
  const why =
    error.name === 'AbortError' ? 'it did not answer in time' : (error.message.split('\n')[0] ?? '');
  return new MedicError('AzureUnavailable', `The storage account could not be reached: ${why}`, {
    cause: error,
  });
}
