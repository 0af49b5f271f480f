import { createHash } from 'node:crypto';
import * as z from 'zod';

/**
 * The settings of the Functions host's own storage: a connection string; or, with identity, the addresses of blobs, queues and tables; or the
 * name of the account alone, from which the host derives them in the public cloud. Durable Functions needs all three.
 * Source: Functions developer guide, "Connecting to host storage with an identity" (learn.microsoft.com,
 * azure/azure-functions/functions-reference).
 */
export const storageSettings = {
  AzureWebJobsStorage: z.string().optional(),
  AzureWebJobsStorage__accountName: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'must be a storage account name: 3 to 24 lower-case letters and digits')
    .optional(),
  AzureWebJobsStorage__blobServiceUri: z.url().optional(),
  AzureWebJobsStorage__queueServiceUri: z.url().optional(),
  AzureWebJobsStorage__tableServiceUri: z.url().optional(),
};

type Values = z.infer<z.ZodObject<typeof storageSettings>>;

export type Storage = { connectionString: string } | { blobServiceUri: string; queueServiceUri: string };

/**
 * Where the storage is. A missing address of the tables is told in `faults`, since the engine then does not start although the app loads.
 * @throws Error where the storage is not set: without it there is no engine.
 */
export function storageOf(values: Values, faults: string[]): Storage {
  if (values.AzureWebJobsStorage) return { connectionString: values.AzureWebJobsStorage };
  const { AzureWebJobsStorage__blobServiceUri: blobs, AzureWebJobsStorage__queueServiceUri: queues } = values;
  if (blobs !== undefined && queues !== undefined) {
    if (values.AzureWebJobsStorage__tableServiceUri === undefined)
      faults.push(
        'AzureWebJobsStorage__tableServiceUri is not set: Durable Functions keeps its history in tables and does not start without them.',
      );
    return { blobServiceUri: blobs, queueServiceUri: queues };
  }
  const name = values.AzureWebJobsStorage__accountName;
  if (name !== undefined)
    return {
      blobServiceUri: `https://${name}.blob.core.windows.net`,
      queueServiceUri: `https://${name}.queue.core.windows.net`,
    };
  throw new Error(
    'Invalid app settings: set AzureWebJobsStorage; or AzureWebJobsStorage__blobServiceUri, AzureWebJobsStorage__queueServiceUri and AzureWebJobsStorage__tableServiceUri; or AzureWebJobsStorage__accountName.',
  );
}

/**
 * The same for the same records and the same engine, however they are reached: what another storage account or task hub knows
 * nothing of is not its to delete.
 */
export function derivedDeployment(storage: Storage, hubName: string): string {
  const place =
    'blobServiceUri' in storage ? storage.blobServiceUri : blobAddressIn(storage.connectionString);
  const whole = `${place.replace(/\/+$/, '')}|${hubName}`.toLowerCase();
  return createHash('sha256').update(whole).digest('hex').slice(0, 12);
}

/** Without the key, which is changed from time to time. */
function blobAddressIn(connectionString: string): string {
  const parts = new Map(
    connectionString.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    }),
  );
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  return parts.get('blobendpoint') ?? `https://${parts.get('accountname') ?? 'development'}.blob.${suffix}`;
}
