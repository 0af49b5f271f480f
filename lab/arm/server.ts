import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { FaultEffect } from '../faults/fault.ts';
import type { FaultList } from '../faults/fault-list.ts';
import { requireApiVersion } from './access/api-version.ts';
import type { Authority } from './access/authority.ts';
import type { IdentityEndpoint } from './access/identity.ts';
import { refuseLocked } from './access/locks.ts';
import type { RateLimiter } from './access/rate-limit.ts';
import type { Roles } from './access/roles.ts';
import type { Context } from './context.ts';
import { ArmError } from './errors.ts';
import type { ArmAnswer, ArmRequest } from './http.ts';
import { asyncHeaders } from './operation-answers.ts';
import type { RequestLog } from './request-log.ts';
import { paginate } from './paging.ts';
import { createRouter } from './router.ts';
import { readJson, send, traceHeaders } from './transport.ts';

export interface ServerParts {
  context: Context;
  authority: Authority;
  identity: IdentityEndpoint;
  roles: Roles;
  rateLimiter: RateLimiter | undefined;
  faults: FaultList;
  log: RequestLog;
  port: number;
}

export interface ArmServer {
  url: string;
  close(): Promise<void>;
}

/** The pipeline: every request goes through these steps in this order. */
export async function startServer(parts: ServerParts): Promise<ArmServer> {
  const { context, authority, identity, roles, rateLimiter, faults, log } = parts;
  const route = createRouter();
  let origin = '';

  const answer = async (
    incoming: IncomingMessage,
    headers: Record<string, string>,
  ): Promise<ArmAnswer | 'cut'> => {
    const call = log.begin(incoming);
    let effect: FaultEffect | undefined;
    try {
      const principal = identity.authenticate(incoming.headers.authorization);
      const found = route(call.method, call.path);
      call.action = found.route.action;
      const apiVersion = requireApiVersion(call.path, call.query);
      const body = await readJson(incoming);
      const request: ArmRequest = {
        ...call,
        ...found,
        headers: incoming.headers,
        body,
        principal,
        apiVersion,
        origin,
      };
      roles.authorize(
        principal,
        { action: found.route.action, scope: found.target, ...(found.route.anywhere && { anywhere: true }) },
        () => found.route.linked?.(request, context) ?? [],
      );
      effect = faults.next(call);
      if (effect?.kind === 'reset') return 'cut';
      if (effect?.kind === 'answer') throw injected(effect);
      if (effect?.kind === 'operation-fails' || effect?.kind === 'operation-hangs') request.fault = effect;
      Object.assign(headers, rateLimiter?.take(call.method, found.params['subscriptionId'] ?? '', principal));
      refuseLocked(context.store, call.method, found.target);
      const result = paginate(request, await found.route.handle(request, context));
      if (result.operation) Object.assign(headers, asyncHeaders(result.operation, origin));
      call.status = result.status;
      return effect?.kind === 'lose-answer' ? 'cut' : result;
    } catch (cause) {
      const error = cause instanceof ArmError ? cause : defect(cause);
      call.status = error.status;
      call.errorCode = error.code;
      return effect?.kind === 'lose-answer'
        ? 'cut'
        : { status: error.status, body: error.toBody(), headers: error.extras.headers ?? {} };
    } finally {
      log.end(call);
    }
  };

  const server = createServer(
    { key: authority.keyPem, cert: authority.certificatePem },
    (incoming, outgoing: ServerResponse) => {
      const release = context.clock.hold();
      const headers = traceHeaders(context.clock, context.catalogue.location, incoming.headers);
      void answer(incoming, headers).then((result) => {
        if (result === 'cut') incoming.socket.destroy();
        else send(outgoing, { ...result, headers: { ...headers, ...result.headers } });
        release();
      });
    },
  );
  server.listen(parts.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `https://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`;

  return {
    url: origin,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function injected({ status, code, message, retryAfter }: Extract<FaultEffect, { kind: 'answer' }>): ArmError {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return new ArmError(
    status,
    code ?? (status === 429 ? 'TooManyRequests' : 'InternalServerError'),
    message ?? 'Fault injected by the lab.',
    { headers },
  );
}

/** A defect of the lab itself: shown with its stack, so that it is found. */
function defect(cause: unknown): ArmError {
  return new ArmError(
    500,
    'LabDefect',
    cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  );
}
