import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../errors.ts';
import { send } from './exchange.ts';
import { createKestrel } from './kestrel.ts';

export interface RunningServer {
  port: number;
  close: () => Promise<void>;
}

/**
 * Listens on loopback only.
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  log: (line: string) => void,
): Promise<RunningServer> {
  const server = createKestrel((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log(`[host] ${request.method ?? ''} ${request.url ?? ''} failed: ${messageOf(error)}`);
      if (!response.headersSent) send(response, { status: 500 });
      else response.destroy();
    });
  }, send);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: portOf(server.address()), close: () => closeServer(server) };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    // Whoever keeps a connection open is not waited for.
    setTimeout(() => {
      server.closeAllConnections();
    }, 500).unref();
  });
}
