import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { HttpCookie, HttpData, TypedData } from '../functions-core.ts';
import { readQuery } from './encoding.ts';

/** As large as the body of a request may be, in bytes; the real host's limit is 100 MB. */
const LONGEST_BODY = 100 * 1024 * 1024;

/** The address a client asked for; undefined when it cannot be understood, or holds a NUL, which Kestrel refuses. */
export function addressOf({ headers, url = '/' }: IncomingMessage): URL | undefined {
  // A client may send it whole; of `OPTIONS *` there is no path.
  const whole = /^https?:/i.test(url)
    ? url
    : `http://${headers.host ?? 'localhost'}${url === '*' ? '//' : url}`;
  const [path = ''] = url.split('?');
  return URL.canParse(whole) && !path.includes('%00') ? new URL(whole) : undefined;
}

/** @throws RangeError when the body is too long */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > LONGEST_BODY)
    throw new RangeError('The body is too long.');
  return buffer(request);
}

/** The request as the worker gets it (`RpcHttp`). */
export function toHttpData(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
): HttpData {
  const wrap = (values: [string, string][]): Record<string, { value: string }> =>
    Object.fromEntries(values.map(([name, value]) => [name, { value }]));
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  const query = [...readQuery(url.search).values()].map(({ name, values }): [string, string] => [
    name,
    values.join(','),
  ]);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    headers: {},
    nullableHeaders: wrap(headers),
    nullableQuery: wrap(query),
    nullableParams: wrap(Object.entries(params)),
    body: body.length > 0 ? { bytes: body } : null,
  };
}

function bytesOf(body: TypedData | null | undefined): Buffer {
  if (body?.bytes) return Buffer.from(body.bytes);
  return Buffer.from(body?.string ?? body?.json ?? '');
}

/** Attributes that stand with a value, in the order in which ASP.NET writes them (SetCookieHeaderValue). */
const VALUED = { expires: 'expires', maxAge: 'max-age', domain: 'domain', path: 'path' } as const;

/** A cookie as the real host sends it: through ASP.NET, which escapes its value. */
function cookieOf({ name, value, ...attributes }: HttpCookie): string {
  const given = (key: string): unknown => {
    const raw = attributes[key];
    return typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
  };
  const valued = Object.entries(VALUED).flatMap(([key, word]) => {
    const text = given(key);
    return typeof text === 'string' || typeof text === 'number' ? [`${word}=${String(text)}`] : [];
  });
  const { sameSite } = attributes;
  const flags = [
    ...(given('secure') === true ? ['secure'] : []),
    // The worker says `none` where nothing was asked for.
    ...(sameSite === 'lax' || sameSite === 'strict' ? [`samesite=${sameSite}`] : []),
    ...(given('httpOnly') === true ? ['httponly'] : []),
  ];
  return [`${name ?? ''}=${encodeURIComponent(value ?? '')}`, ...valued, ...flags].join('; ');
}

/** What is to be answered. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Anything JSON can hold; nothing for an empty answer. */
  json?: unknown;
}

/** Sends what a function gave back; nothing at all is 204, as on the real host. */
export function sendHttpData(response: ServerResponse, data: HttpData | null | undefined): void {
  if (!data) {
    send(response, { status: 204 });
    return;
  }
  const { headers = {}, cookies = [] } = data;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(cookieOf));
  response.statusCode = Number(data.statusCode ?? 200);
  response.end(bytesOf(data.body));
}

export function send(response: ServerResponse, { status, headers = {}, json }: Reply): void {
  if (json === undefined) {
    const length = status === 204 ? {} : { 'content-length': 0 };
    response.writeHead(status, { ...length, ...headers }).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(json));
}
