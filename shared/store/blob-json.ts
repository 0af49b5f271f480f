import { RestError, type BlobGetPropertiesResponse, type ContainerClient } from '@azure/storage-blob';

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

interface WriteOptions {
  readonly contentType: string;
  readonly metadata?: Record<string, string>;
  readonly guard?: WriteGuard;
}

/** Writes a blob; false where the guard did not hold (409 and 412 both mean that somebody was faster). */
export async function writeBlob(
  container: ContainerClient,
  name: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<boolean> {
  return (await replaceBlob(container, name, content, options)) !== undefined;
}

/** As `writeBlob`; the ETag that the blob has now, or `undefined` where the guard did not hold. */
export async function replaceBlob(
  container: ContainerClient,
  name: string,
  content: string | Uint8Array,
  { contentType, metadata, guard }: WriteOptions,
): Promise<{ etag: string | undefined } | undefined> {
  const bytes = Buffer.from(content);
  try {
    const { etag } = await container.getBlockBlobClient(name).upload(bytes, bytes.byteLength, {
      blobHTTPHeaders: { blobContentType: contentType },
      ...(metadata ? { metadata } : {}),
      ...(guard ? { conditions: guard } : {}),
    });
    return { etag };
  } catch (error) {
    if (guard && (isStatus(error, 409) || isStatus(error, 412))) return undefined;
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
