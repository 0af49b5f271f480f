import { lookup } from 'node:dns/promises';
import { request, type RequestOptions } from 'node:https';
import { isIPv6 } from 'node:net';

/** A call to one IP address, whatever the host's name may mean by now. */
export interface PinnedCall {
  readonly url: URL;
  readonly address: string;
  readonly method: 'POST' | 'PATCH' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface PinnedResponse {
  readonly status: number;
  /** Where it said when to come again. */
  readonly retryAfterSeconds?: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends the call to the pinned address, so that a name which resolves to something else a moment later
 * (DNS rebinding) gains nothing; certificate and SNI are still the host's. Redirects are not followed, the
 * answer's body is not read.
 */
export function callPinned(
  { url, address, method, headers, body }: PinnedCall,
  tls: Pick<RequestOptions, 'ca' | 'port'> = {},
): Promise<PinnedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<PinnedResponse>();
  const family = isIPv6(address) ? 6 : 4;
  const call = request(
    url,
    {
      ...tls,
      method,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      servername: url.hostname,
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      lookup: (_host, options, done) => {
        if (options.all) done(null, [{ address, family }]);
        else done(null, address, family);
      },
    },
    (response) => {
      response.resume();
      response.once('error', reject);
      const retryAfter = Number(response.headers['retry-after']);
      resolve({
        status: response.statusCode ?? 0,
        ...(retryAfter > 0 && { retryAfterSeconds: retryAfter }),
      });
    },
  );
  call.once('error', reject);
  call.end(body);
  return promise;
}

/** All addresses of a host, as the system resolves it. */
export async function resolveHost(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
