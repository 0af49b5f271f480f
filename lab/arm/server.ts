import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { duringLull } from '../clock/lull.ts';
import type { Authority } from './access/authority.ts';
import type { IdentityEndpoint } from './access/identity.ts';
import { isSignIn, signIn } from './access/sign-in.ts';
import type { Context } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { asMethod, createHold, readJson, send, sendPart, traceHeaders } from './transport.ts';

export interface ServerParts {
  context: Context;
  authority: Authority;
  identity: IdentityEndpoint;
  pipeline: Pipeline;
  port: number;
}

export interface ArmServer {
  url: string;
  /** Breaks the connection of every call that waits for its answer, as when its caller dies. */
  hangUp(): void;
  close(): Promise<void>;
}

/** ARM on the wire. */
export async function startServer(parts: ServerParts): Promise<ArmServer> {
  const { context, authority, identity, pipeline } = parts;
  let origin = '';
  const waiting = new Set<IncomingMessage>();

  const server = createServer(
    { key: authority.keyPem, cert: authority.certificatePem },
    (incoming, outgoing) => {
      if (isSignIn(incoming.url)) {
        void signIn(identity, origin, incoming).then((answer) => {
          send(outgoing, answer);
        });
        return;
      }
      waiting.add(incoming);
      outgoing.once('close', () => waiting.delete(incoming));
      const hold = createHold(context.clock);
      const headers = traceHeaders(context.clock, context.catalogue.location, incoming.headers);
      const answer = pipeline(
        {
          method: asMethod(incoming.method),
          url: incoming.url ?? '/',
          headers: incoming.headers,
          body: () => readJson(incoming),
          authenticate: () => identity.authenticate(incoming.headers.authorization),
          hasHungUp: () => incoming.socket.destroyed,
          pause: (wait) => hold.pause(() => duringLull(context.clock, wait)),
        },
        headers,
        origin,
      );
      void answer.then((result) => {
        // The caller closes the connection, once it has waited long enough.
        if (result === 'hang') {
          hold.release();
          return;
        }
        if (result === 'cut') incoming.socket.destroy();
        else if ('cutOff' in result) sendPart(outgoing, result.cutOff);
        else send(outgoing, { ...result, headers: { ...headers, ...result.headers } });
        hold.release();
      });
    },
  );
  // A client that was kept waiting by a busy machine would meet its end.
  server.keepAliveTimeout = 0;
  server.listen(parts.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `https://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`;

  return {
    url: origin,
    hangUp() {
      for (const { socket } of waiting) socket.destroy();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
