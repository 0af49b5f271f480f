import { MedicError } from '../errors.ts';

/**
 * A call to the store, which is waited for where it is out of reach for a moment, as Azure is.
 * @param what cannot be reached then, for people
 * @throws MedicError `AzureUnavailable`.
 */
export async function reached<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MedicError('AzureUnavailable', `${what} could not be reached: ${why}`, { cause: error });
  }
}
