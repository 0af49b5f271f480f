import {
  RestError,
  type BlobGetPropertiesResponse,
  type BlockBlobClient,
  type ContainerClient,
} from '@azure/storage-blob';

/** Text of a blob and the ETag that a guarded write needs; `undefined` where there is none. */
export async function readBlob(
  container: ContainerClient,
  name: string,
): Promise<{ text: string; etag: string | undefined } | undefined> {
  try {
    const client = container.getBlockBlobClient(name);
    // One request for content and ETag together: what is written back is what was read.
    const response = await client.download();
    const chunks: Buffer[] = [];
    for await (const chunk of response.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    return { text: Buffer.concat(chunks).toString('utf8'), etag: response.etag };
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** ETag, metadata and length of a blob, without its content; `undefined` where there is none. */
export async function readProperties(
  container: ContainerClient,
  name: string,
): Promise<Pick<BlobGetPropertiesResponse, 'etag' | 'metadata' | 'contentLength'> | undefined> {
  try {
    return await container.getBlobClient(name).getProperties();
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** What a write may ask for: that there is nothing yet (`*`), or that it is still the one with this ETag. */
export interface WriteGuard {
  readonly ifNoneMatch?: '*';
  readonly ifMatch?: string;
}

/** Writes a blob; false where the guard did not hold (409 and 412 both mean that somebody was faster). */
export async function writeBlob(
  container: ContainerClient,
  name: string,
  content: string | Uint8Array,
  options: {
    contentType: string;
    metadata?: Record<string, string>;
    guard?: WriteGuard;
  },
): Promise<boolean> {
  const bytes = Buffer.from(content);
  const write = async (client: BlockBlobClient): Promise<void> => {
    await client.upload(bytes, bytes.byteLength, {
      blobHTTPHeaders: { blobContentType: options.contentType },
      ...(options.metadata ? { metadata: options.metadata } : {}),
      ...(options.guard ? { conditions: options.guard } : {}),
    });
  };
  try {
    await write(container.getBlockBlobClient(name));
    return true;
  } catch (error) {
    if (options.guard && (isStatus(error, 409) || isStatus(error, 412))) return false;
    throw error;
  }
}

/** Deletes a blob; it is well when there is none. */
export async function deleteBlob(container: ContainerClient, name: string): Promise<void> {
  await container.getBlockBlobClient(name).deleteIfExists();
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof RestError && error.statusCode === status;
}
