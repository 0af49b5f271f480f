import type { QueueClient } from '@azure/storage-queue';
import type { NewsQueue, RequestQueue } from '../intake/ports.ts';

/** The queue `remediation-requests` of a storage account; messages are plain JSON (host.json says `none`). */
export function createRequestQueue(client: QueueClient): RequestQueue {
  return {
    async send(request, delaySeconds) {
      await client.sendMessage(JSON.stringify(request), { visibilityTimeout: delaySeconds });
    },
  };
}

/** The queue `ticket-news` of a storage account. */
export function createNewsQueue(client: QueueClient): NewsQueue {
  return {
    async send(news, delaySeconds = 0) {
      await client.sendMessage(JSON.stringify(news), { visibilityTimeout: delaySeconds });
    },
  };
}
