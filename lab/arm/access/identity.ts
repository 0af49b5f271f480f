import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ArmError } from '../errors.ts';
import type { JsonValue } from '../store/json.ts';

/** Who calls: the service's managed identity. */
export interface Principal {
  clientId: string;
  objectId: string;
  tenantId: string;
}

/** The lab's managed identity endpoint, as App Service offers it (protocol 2019-08-01). */
export interface IdentityEndpoint {
  /** Value for `IDENTITY_ENDPOINT`. */
  endpoint: string;
  /** Value for `IDENTITY_HEADER`. */
  header: string;
  principal: Principal;
  /** A token of a chosen lifetime, for tests; below zero it is expired already. */
  issue(lifetimeSeconds?: number): string;
  /** @throws ArmError 401 for a missing, unknown or expired token */
  authenticate(authorization: string | undefined): Principal;
  close(): Promise<void>;
}

const RESOURCE = /^https:\/\/management\.(azure\.com|core\.windows\.net)\/?$/;
const DAY_SECONDS = 86_400;

export async function startIdentity(): Promise<IdentityEndpoint> {
  const header = randomBytes(16).toString('hex');
  const principal = {
    clientId: '5f1d8e52-8c0b-4f6a-9e3b-2a6f0c1d7b11',
    objectId: '9b3c7a60-41d2-4c8e-8f57-d0e6a3b4c522',
    tenantId: '72f00000-86f1-41af-91ab-2d7cd011db47',
  };
  /** Expiry by token, in real milliseconds: the credential that keeps the token counts in real time. */
  const expiries = new Map<string, number>();

  const issue = (lifetimeSeconds = DAY_SECONDS): string => {
    const token = randomUUID();
    expiries.set(token, Date.now() + lifetimeSeconds * 1000);
    return token;
  };

  const answer = (
    query: URLSearchParams,
    secret: string | undefined,
  ): { status: number; body: JsonValue } => {
    if (secret !== header)
      return { status: 401, body: { statusCode: 401, message: 'No valid X-IDENTITY-HEADER.' } };
    if (query.get('api-version') !== '2019-08-01')
      return { status: 400, body: { statusCode: 400, message: 'Unsupported api-version.' } };
    const resource = query.get('resource') ?? '';
    if (!RESOURCE.test(resource))
      return { status: 400, body: { statusCode: 400, message: `Unknown resource '${resource}'.` } };
    const expiresOn = Math.floor(Date.now() / 1000) + DAY_SECONDS;
    return {
      status: 200,
      body: {
        access_token: issue(),
        expires_on: String(expiresOn),
        resource,
        token_type: 'Bearer',
        client_id: principal.clientId,
      },
    };
  };

  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const secret = request.headers['x-identity-header'];
    const { status, body } = answer(searchParams, typeof secret === 'string' ? secret : undefined);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    endpoint: `http://127.0.0.1:${String(port)}/msi/token`,
    header,
    principal,
    issue,
    authenticate(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        throw unauthenticated(
          'AuthenticationFailed',
          "Authentication failed. The 'Authorization' header is missing.",
        );
      const expiry = expiries.get(token);
      if (expiry === undefined)
        throw unauthenticated('InvalidAuthenticationToken', 'The access token is invalid.');
      if (expiry > Date.now()) return principal;
      throw unauthenticated(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${new Date(expiry).toISOString()}' is earlier than current UTC time '${new Date().toISOString()}'.`,
      );
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function unauthenticated(code: string, message: string): ArmError {
  return new ArmError(401, code, message, {
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/common", error="invalid_token", error_description="${message}"`,
      'x-ms-failure-cause': 'gateway',
    },
  });
}
