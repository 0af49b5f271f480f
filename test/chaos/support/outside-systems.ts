import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { selfSigned } from '../../shared/probe/certificates.ts';

/** What a call to somebody else's system may meet. */
export type OutsideEffect =
  { kind: 'answer'; status: number; retryAfter?: number } | { kind: 'reset' | 'lose-answer' | 'hang' };

/** Systems of other people, on loopback: each stands in for a host, with the certificate of that host. */
export interface OutsideSystems {
  /** By host. */
  places: ReadonlyMap<string, { port: number; ca: string }>;
  /** Says what the next call meets; `undefined`: it is taken. */
  meets: (host: string, body: string) => OutsideEffect | undefined;
  /** What was taken by a host, once for each time. */
  taken: (host: string) => readonly string[];
  close(): Promise<void>;
}

export async function startOutsideSystems(hosts: readonly string[]): Promise<OutsideSystems> {
  const servers: Server[] = [];
  const places = new Map<string, { port: number; ca: string }>();
  const taken = new Map<string, string[]>(hosts.map((host) => [host, []]));
  const systems: OutsideSystems = {
    places,
    meets: () => undefined,
    taken: (host) => taken.get(host) ?? [],
    async close() {
      for (const server of servers) server.close().closeAllConnections();
      await Promise.all(servers.map((server) => once(server, 'close')));
    },
  };
  const serve = async (host: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await text(incoming);
    const effect = systems.meets(host, body);
    if (effect?.kind === 'hang') return;
    if (effect === undefined || effect.kind === 'lose-answer') taken.get(host)?.push(body);
    if (effect?.kind === 'answer') {
      const { status, retryAfter } = effect;
      outgoing.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }).end();
    } else if (effect) incoming.socket.destroy();
    else outgoing.writeHead(201).end();
  };
  for (const host of hosts) {
    const identity = await selfSigned(`CN=${host}`, '2020-01-01', '2040-01-01');
    const server = createServer(identity, (incoming, outgoing) => void serve(host, incoming, outgoing));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const bound = server.address();
    places.set(host, { port: typeof bound === 'object' && bound ? bound.port : 0, ca: identity.cert });
    servers.push(server);
  }
  return systems;
}
