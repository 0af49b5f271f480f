import {
  BlobServiceClient,
  newPipeline as newBlobPipeline,
  type RequestPolicyFactory,
} from '@azure/storage-blob';
import { newPipeline as newQueuePipeline, QueueServiceClient } from '@azure/storage-queue';
import type { TokenCredential } from '@azure/identity';
import { withDeadline } from '../call-deadline.ts';
import type { Storage } from '../storage-settings.ts';

/** A call that hangs would end with the whole worker, and everything that runs on it: the SDK waits for ever. */
const CALL_TIMEOUT_MS = 20_000;

/** Short, for an activity waits for it: what is away for longer is waited for by the orchestrator. The SDK's own is up to 16 s. */
const OPTIONS = {
  retryOptions: { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 1000 },
};

type Credential = BlobServiceClient['credential'];

/**
 * The account that records, evidence and queues are in.
 * @param credential used where the settings hold no key
 * @param timeoutMs how long one call may take
 */
export function storageClients(
  storage: Storage,
  credential: TokenCredential,
  timeoutMs = CALL_TIMEOUT_MS,
): { blobs: BlobServiceClient; queues: QueueServiceClient } {
  return {
    blobs: blobServiceOf(storage, credential, timeoutMs),
    queues: queueServiceOf(storage, credential, timeoutMs),
  };
}

/** An account that has blobs alone, by its address or connection string. */
export function blobServiceOf(
  place: { blobServiceUri: string } | { connectionString: string },
  credential: TokenCredential,
  timeoutMs = CALL_TIMEOUT_MS,
): BlobServiceClient {
  if ('blobServiceUri' in place) return blobClient(place.blobServiceUri, credential, timeoutMs);
  const given = BlobServiceClient.fromConnectionString(place.connectionString);
  return blobClient(given.url, given.credential, timeoutMs);
}

function queueServiceOf(
  storage: Storage,
  credential: TokenCredential,
  timeoutMs: number,
): QueueServiceClient {
  if ('blobServiceUri' in storage) return queueClient(storage.queueServiceUri, credential, timeoutMs);
  // The queue client keeps the key of its connection string to itself; the blob client shows the same one.
  const { credential: key } = BlobServiceClient.fromConnectionString(storage.connectionString);
  const { url } = QueueServiceClient.fromConnectionString(storage.connectionString);
  return queueClient(url, key, timeoutMs);
}

function blobClient(url: string, credential: Credential, timeoutMs: number): BlobServiceClient {
  const pipeline = newBlobPipeline(credential, OPTIONS);
  pipeline.factories.push(endsAfter(timeoutMs));
  return new BlobServiceClient(url, pipeline);
}

function queueClient(url: string, credential: Credential, timeoutMs: number): QueueServiceClient {
  const pipeline = newQueuePipeline(credential, OPTIONS);
  pipeline.factories.push(endsAfter(timeoutMs));
  return new QueueServiceClient(url, pipeline);
}

function endsAfter(timeoutMs: number): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: (request) => withDeadline(request, timeoutMs, () => next.sendRequest(request)),
    }),
  };
}
