import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A call to the storage account. */
export interface StorageCall {
  service: 'blob' | 'queue';
  method: string;
  /** Path without the account, decoded, and what is asked of it. */
  path: string;
  asks: string;
}

/** What a call to storage may meet. */
export type StorageEffect =
  /** The service's own refusal, in its words. `retryAfter` in seconds. */
  | { kind: 'answer'; status: number; code: string; retryAfter?: number }
  /** The connection breaks before anything is done. */
  | { kind: 'reset' }
  /** It is done, and the connection breaks. */
  | { kind: 'lose-answer' }
  /** It is done, and the connection breaks in the middle of the answer. */
  | { kind: 'cut-off' }
  /** It is not done, and nobody answers. */
  | { kind: 'hang' };

export interface FaultyStorage {
  /** Of the same account, by way of this one. */
  connectionString: string;
  /** Says what the next call meets; `undefined`: nothing. */
  meets: (call: StorageCall) => StorageEffect | undefined;
  close(): Promise<void>;
}

/** Stands on the wire between the service and the storage emulator. @param connectionString of the account behind it */
export async function startFaultyStorage(connectionString: string): Promise<FaultyStorage> {
  const agent = new Agent({ keepAlive: true });
  const faulty: FaultyStorage = { connectionString, meets: () => undefined, close: () => Promise.resolve() };
  const servers = await Promise.all(
    (['blob', 'queue'] as const).map(async (service) => {
      const name = service === 'blob' ? 'BlobEndpoint' : 'QueueEndpoint';
      const behind = new URL(new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '');
      const server = createServer((incoming, outgoing) => {
        const call = callOf(service, incoming, behind.pathname);
        pass(agent, behind, incoming, outgoing, faulty.meets(call)).catch(() => incoming.socket.destroy());
      });
      server.keepAliveTimeout = 0;
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const bound = server.address();
      const port = typeof bound === 'object' && bound ? bound.port : 0;
      faulty.connectionString = faulty.connectionString.replace(
        `${name}=${behind.origin}`,
        `${name}=http://127.0.0.1:${String(port)}`,
      );
      return server;
    }),
  );
  faulty.close = async () => {
    agent.destroy();
    for (const server of servers) server.close().closeAllConnections();
    await Promise.all(servers.map((server) => once(server, 'close')));
  };
  return faulty;
}

function callOf(
  service: StorageCall['service'],
  { method = 'GET', url = '/' }: IncomingMessage,
  account: string,
): StorageCall {
  const { pathname, searchParams } = new URL(url, 'http://storage');
  const path = decodeURIComponent(pathname).slice(account.length);
  const asks = searchParams.get('comp') ?? searchParams.get('restype') ?? '';
  return { service, method, path: `${path}${prefixOf(searchParams)}`, asks };
}

/** What a list is of. */
function prefixOf(query: URLSearchParams): string {
  const prefix = query.get('prefix');
  return prefix === null ? '' : `/${prefix}`;
}

async function pass(
  agent: Agent,
  behind: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  effect: StorageEffect | undefined,
): Promise<void> {
  const body = await buffer(incoming);
  if (effect?.kind === 'hang') return;
  if (effect?.kind === 'reset') {
    incoming.socket.destroy();
    return;
  }
  if (effect?.kind === 'answer') {
    refuse(outgoing, effect);
    return;
  }
  const { method, url = '/', headers } = incoming;
  const onward = request({ agent, host: behind.hostname, port: behind.port, method, path: url, headers });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const text = await buffer(answer);
  if (effect?.kind === 'lose-answer') {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  if (effect?.kind !== 'cut-off') {
    outgoing.end(text);
    return;
  }
  outgoing.flushHeaders();
  outgoing.write(text.subarray(0, text.length / 2), () => incoming.socket.destroy());
}

/** As Azure Storage puts it (learn.microsoft.com, rest/api/storageservices/status-and-error-codes2). */
function refuse(
  outgoing: ServerResponse,
  { status, code, retryAfter }: Extract<StorageEffect, { kind: 'answer' }>,
): void {
  outgoing
    .writeHead(status, {
      'content-type': 'application/xml',
      'x-ms-error-code': code,
      'x-ms-version': '2024-11-04',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    })
    .end(
      `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Chaos.</Message></Error>`,
    );
}
