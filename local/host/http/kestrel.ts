import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Reply } from './exchange.ts';

/**
 * Limits of the web server of the real host, in bytes, headers and milliseconds.
 * Source: `KestrelServerLimits`, learn.microsoft.com, Configure options for the ASP.NET Core Kestrel web server.
 */
const LONGEST_REQUEST_LINE = 8 * 1024;
const LONGEST_HEADERS = 32 * 1024;
const MOST_HEADERS = 100;
const KEPT_ALIVE_MS = 130_000;

/** So far Node reads, so that what is too long can be told from what is too much. */
const NODE_READS = 1024 * 1024;

/** What a method may be written with (RFC 9110, section 5.6.2), in the first line of a request (RFC 9112, section 3). */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [/*]\S* HTTP\/1\.[01]\r?\n/;

/** A server that takes and refuses what Kestrel takes and refuses; Node alone knows fewer methods and no such limits. */
export function createKestrel(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  refuse: (response: ServerResponse, reply: Reply) => void,
): Server {
  const server = createServer({ maxHeaderSize: NODE_READS }, (request, response) => {
    const reply = refusalOf(request);
    if (reply) refuse(response, reply);
    else handle(request, response);
  });
  // Node sorts headers into an object, and leaves away those beyond this number.
  server.maxHeadersCount = 0;
  // Node hangs up after five seconds, at times in the middle of the next request.
  server.keepAliveTimeout = KEPT_ALIVE_MS;
  // No function has a method that Node does not know, and none is a proxy.
  server.on('connect', (_request, socket) => {
    end(socket, '404 Not Found');
  });
  server.on('clientError', (error, socket) => {
    end(socket, statusOf(error));
  });
  return server;
}

/** What Kestrel answers itself, if it does. */
function refusalOf({ method = '', url = '', rawHeaders }: IncomingMessage): Reply | undefined {
  const close = { connection: 'close' };
  if (`${method} ${url} HTTP/1.1\r\n`.length > LONGEST_REQUEST_LINE) return { status: 414, headers: close };
  // Each with its colon, its blank and the end of its line; every second one is a name.
  const length = rawHeaders.join('').length + 2 * rawHeaders.length;
  if (length > LONGEST_HEADERS || rawHeaders.length / 2 > MOST_HEADERS)
    return { status: 431, headers: close };
  if (url === '*' && method !== 'OPTIONS') return { status: 405, headers: { ...close, allow: 'OPTIONS' } };
  return undefined;
}

function statusOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  const sent: unknown = Reflect.get(error, 'rawPacket');
  const isRequest = Buffer.isBuffer(sent) && REQUEST_LINE.test(sent.toString('latin1'));
  return code === 'HPE_INVALID_METHOD' && isRequest ? '404 Not Found' : '400 Bad Request';
}

function end(socket: Duplex, status: string): void {
  if (!socket.writable) socket.destroy();
  else socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}
