/** Version of the Blob service whose append blob calls are used. */
const STORAGE_VERSION = '2021-12-02';

/** Largest block an append takes. */
const BLOCK_BYTES = 4 * 1024 * 1024;

const VERSION_HEADER = { 'x-ms-version': STORAGE_VERSION };

/** What the SAS of an output blob has to allow (learn.microsoft.com, run-command-managed: read, append, create, write). */
const NEEDED = ['r', 'a', 'c', 'w'];

/**
 * Makes an append blob anew through its SAS address, as the Run Command handler in the guest does before it runs anything.
 * @throws Error when the service refuses, or the SAS does not allow all that is needed
 */
export async function createAppendBlob(address: string): Promise<void> {
  const allowed = new URL(address).searchParams.get('sp');
  if (allowed !== null && NEEDED.some((permission) => !allowed.includes(permission)))
    throw new Error(`The SAS allows '${allowed}' only.`);
  await send(
    address,
    { ...VERSION_HEADER, 'x-ms-blob-type': 'AppendBlob', 'Content-Type': 'text/plain; charset=utf-8' },
    new Uint8Array(),
  );
}

/** Appends a text. @throws Error with the service's status when it refuses */
export async function writeAppendBlob(address: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const url = new URL(address);
  url.searchParams.set('comp', 'appendblock');
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    await send(url.href, VERSION_HEADER, bytes.slice(from, from + BLOCK_BYTES));
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
