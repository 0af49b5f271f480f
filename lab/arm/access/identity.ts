import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ArmError } from '../errors.ts';
import { createIds } from '../store/ids.ts';
import type { JsonValue } from '../store/json.ts';

/** Who calls: the service's managed identity, or somebody else. */
export interface Principal {
  clientId: string;
  objectId: string;
  tenantId: string;
  /** User principal name of a person; an identity without it is known by its object id. */
  name?: string;
}

/** The lab's managed identity endpoint, as App Service offers it (protocol 2019-08-01). */
export interface IdentityEndpoint {
  /** Value for `IDENTITY_ENDPOINT`. */
  endpoint: string;
  /** Value for `IDENTITY_HEADER`. */
  header: string;
  principal: Principal;
  /** A service principal of an operator, with a secret, for clients that sign in themselves. */
  operator: Principal & { secret: string };
  /** A token of a chosen lifetime, for tests; below zero it is expired already. The service's own unless given. */
  issue(lifetimeSeconds?: number, principal?: Principal): string;
  /** @throws ArmError 401 for a missing, unknown or expired token */
  authenticate(authorization: string | undefined): Principal;
  close(): Promise<void>;
}

const RESOURCE = /^https:\/\/management\.(azure\.com|core\.windows\.net)\/?$/;
const DAY_SECONDS = 86_400;
const TENANT = '72f00000-86f1-41af-91ab-2d7cd011db47';

export async function startIdentity(): Promise<IdentityEndpoint> {
  const header = randomBytes(16).toString('hex');
  const principal: Principal = {
    clientId: '5f1d8e52-8c0b-4f6a-9e3b-2a6f0c1d7b11',
    objectId: '9b3c7a60-41d2-4c8e-8f57-d0e6a3b4c522',
    tenantId: TENANT,
  };
  const operator = { ...somebodyElse('operator'), secret: randomBytes(16).toString('base64url') };
  /** By token; expiry in real milliseconds: the credential that keeps the token counts in real time. */
  const issued = new Map<string, { expiry: number; holder: Principal }>();

  const issue = (lifetimeSeconds = DAY_SECONDS, holder = principal): string => {
    const token = toToken(holder);
    issued.set(token, { expiry: Date.now() + lifetimeSeconds * 1000, holder });
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
    operator,
    issue,
    authenticate(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        throw unauthenticated(
          'AuthenticationFailed',
          "Authentication failed. The 'Authorization' header is missing.",
        );
      const found = issued.get(token);
      if (!found) throw unauthenticated('InvalidAuthenticationToken', 'The access token is invalid.');
      const { expiry, holder } = found;
      if (expiry > Date.now()) return holder;
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

/** Somebody of the same tenant with rights over everything: an operator, a watchdog, another deployment. */
export function somebodyElse(name: string): Principal {
  const id = createIds(name)();
  return { clientId: id, objectId: id, tenantId: TENANT, name };
}

function unauthenticated(code: string, message: string): ArmError {
  return new ArmError(401, code, message, {
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/common", error="invalid_token", error_description="${message}"`,
      'x-ms-failure-cause': 'gateway',
    },
  });
}

/** In the form of a JSON Web Token, with the claim by which a holder knows itself; nobody checks what stands for its signature. */
function toToken({ objectId }: Principal): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'none' })}.${part({ oid: objectId })}.${randomUUID()}`;
}
