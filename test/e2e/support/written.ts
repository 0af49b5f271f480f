import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

/** Everything the service has written: by place, its text. */
export type Written = Map<string, string>;

/**
 * Reads all blobs with their names and metadata, all messages of all queues, and the files of the durable engine's
 * state as they lie on the disk, in which whatever was once stored may still stand.
 */
export async function everythingWritten(storage: string, stateFolder: string): Promise<Written> {
  const written: Written = new Map();
  const blobs = BlobServiceClient.fromConnectionString(storage);
  for await (const { name: containerName } of blobs.listContainers()) {
    const container = blobs.getContainerClient(containerName);
    for await (const { name, metadata } of container.listBlobsFlat({ includeMetadata: true })) {
      const content = await container.getBlobClient(name).downloadToBuffer();
      written.set(`blob ${name}`, `${name} ${JSON.stringify(metadata)} ${content.toString('utf8')}`);
    }
  }
  const queues = QueueServiceClient.fromConnectionString(storage);
  for await (const { name } of queues.listQueues()) {
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    written.set(`queue ${name}`, peekedMessageItems.map(({ messageText }) => messageText).join('\n'));
  }
  for (const file of readdirSync(stateFolder).filter((name) => name.startsWith('durable.sqlite'))) {
    written.set(`state ${file}`, readFileSync(join(stateFolder, file), 'latin1'));
  }
  return written;
}
