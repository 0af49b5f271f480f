import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Clock } from '../../shared/clock.ts';
import { ArmError } from './errors.ts';
import type { ArmAnswer, Method } from './http.ts';
import { json as jsonSchema, type JsonValue } from './store/json.ts';

/**
 * The body of a request; `undefined` when there is none.
 * @throws ArmError 400 InvalidRequestContent for what is no JSON
 */
export async function readJson(incoming: IncomingMessage): Promise<JsonValue> {
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers;
  if (encoding === undefined && Number(length ?? 0) === 0) return undefined;
  try {
    return jsonSchema.parse(await json(incoming));
  } catch {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    );
  }
}

/** Headers by which Azure's logs are searched; on every answer. */
export function traceHeaders(
  clock: Clock,
  location: string,
  given: IncomingHttpHeaders,
): Record<string, string> {
  const id = randomUUID();
  const client = given['x-ms-client-request-id'];
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `${location.toUpperCase()}:${time}:${id}`,
    'x-ms-request-charge': '1',
    'Cache-Control': 'no-cache',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    ...(typeof client === 'string' && { 'x-ms-client-request-id': client }),
  };
}

export function send(outgoing: ServerResponse, { status, headers, body }: ArmAnswer): void {
  if (body === undefined) {
    outgoing.writeHead(status, { ...headers, 'Content-Length': '0' }).end();
    return;
  }
  const text = JSON.stringify(body);
  outgoing.writeHead(status, headersOf(headers, text)).end(text);
}

function headersOf(headers: ArmAnswer['headers'], text: string): OutgoingHttpHeaders {
  return {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  };
}

/** Half of an answer, and the connection breaks. */
export function sendPart(outgoing: ServerResponse, { status, headers, body }: ArmAnswer): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  if (text === '') {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, headersOf(headers, text));
  outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy());
}

interface Hold {
  pause: (wait: () => Promise<void>) => Promise<void>;
  release: () => void;
}

/** A hold on the clock that lets go while something is waited for. */
export function createHold(clock: Clock): Hold {
  let release = clock.hold();
  return {
    pause: async (wait) => {
      release();
      try {
        await wait();
      } finally {
        release = clock.hold();
      }
    },
    release: () => {
      release();
    },
  };
}

export function asMethod(method: string | undefined): Method {
  switch (method) {
    case 'HEAD':
    case 'PUT':
    case 'PATCH':
    case 'POST':
    case 'DELETE':
      return method;
    default:
      return 'GET';
  }
}
