/** Version of the Blob service whose append blob calls are used. */
const STORAGE_VERSION = '2021-12-02';

/** Largest block an append takes. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/**
 * Overwrites an append blob through its SAS address, as the Run Command handler in the guest does.
 * @throws Error with the service's status when it refuses
 */
export async function writeAppendBlob(address: string, text: string): Promise<void> {
  const headers = { 'x-ms-version': STORAGE_VERSION };
  await send(
    address,
    { ...headers, 'x-ms-blob-type': 'AppendBlob', 'Content-Type': 'text/plain; charset=utf-8' },
    new Uint8Array(),
  );
  const bytes = new TextEncoder().encode(text);
  const url = new URL(address);
  url.searchParams.set('comp', 'appendblock');
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    await send(url.href, headers, bytes.slice(from, from + BLOCK_BYTES));
  }
}

async function send(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers, body });
  await response.arrayBuffer();
  if (!response.ok)
    throw new Error(`The blob service answered ${String(response.status)} ${response.statusText}.`);
}
