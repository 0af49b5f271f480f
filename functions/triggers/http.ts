import type { HttpMethod, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { ERRORS } from '../../shared/error-codes.ts';
import { errorAddress } from '../../shared/errors-document.ts';
import { problem, toProblem, type Problem, type Result } from '../../shared/errors.ts';
import { toStorageError } from '../../shared/store/storage-error.ts';
import { isJsonContentType, MAX_BODY_BYTES, parseJson } from '../../shared/intake/json.ts';
import type { Caller } from '../../shared/model/principal.ts';
import type { Engine } from './engine.ts';
import { logEvent } from './log.ts';

/** What a handler gets. */
export interface Call {
  readonly request: HttpRequest;
  readonly engine: Engine;
  readonly context: InvocationContext;
  readonly caller: Caller;
}
export type Handler = (call: Call) => Promise<HttpResponseInit>;
/** What is registered with the host: a `DurableClient` is an `Engine`. */
export type Endpoint = (
  request: HttpRequest,
  engine: Engine,
  context: InvocationContext,
) => Promise<HttpResponseInit>;

/** The host answers 404 to a method that is not registered, so all are, and the rest is answered 405 here. */
export const ALL_METHODS: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Seconds after which a caller may ask again how a remediation goes on. */
export const RETRY_AFTER_SECONDS = 15;

/** One handler a method; anything thrown becomes problem details, and never an empty 500. */
export function endpoint(handlers: Partial<Record<HttpMethod, Handler>>) {
  const allow = Object.keys(handlers).join(', ');
  return async (
    request: HttpRequest,
    engine: Engine,
    context: InvocationContext,
    caller: Caller,
  ): Promise<HttpResponseInit> => {
    const handler = Object.entries(handlers).find(([method]) => method === request.method)?.[1];
    if (!handler) {
      return problemResponse(problem('MethodNotAllowed', `Only ${allow} is allowed here.`), { allow });
    }
    try {
      return await handler({ request, engine, context, caller });
    } catch (error) {
      return unexpected(error, context);
    }
  };
}

/** Our own errors keep their code; of any other the caller learns only the id under which the log has it. */
function unexpected(error: unknown, context: InvocationContext): HttpResponseInit {
  const found = toProblem(toStorageError(error));
  logEvent(context, 'request-failed', { code: found.code, message: found.message });
  if (found.code !== 'Internal') return problemResponse(found);
  return problemResponse(problem('Internal', `See the log entry with the id ${context.invocationId}.`));
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** A page for people: kept nowhere, and its address is never sent on as a referrer. */
export function page(html: string, contentSecurityPolicy: string): HttpResponseInit {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
    body: html,
  };
}

/** Problem details (RFC 9457) with our code and what to do next. */
export function problemResponse(found: Problem, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status: ERRORS[found.code].status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...(found.retryAfterSeconds === undefined ? {} : { 'retry-after': String(found.retryAfterSeconds) }),
      ...headers,
    },
    body: JSON.stringify(problemDetails(found)),
  };
}

/** The body of problem details; `type` leads to the section of docs/errors.md, as the app serves it. */
export function problemDetails(found: Problem, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: errorAddress(found.code),
    title: ERRORS[found.code].meaning,
    status: ERRORS[found.code].status,
    detail: found.message,
    code: found.code,
    next: found.next,
    ...extra,
  };
}

/**
 * The raw body of a request that says it is JSON. Problems: `ContentTypeUnsupported`, `BodyTooLarge`; `BodyLengthMissing`, since the host
 * hands a chunked body on empty (github.com/Azure/azure-functions-nodejs-library, issue 171), and a sender must not read that as a fault in
 * its JSON.
 */
export async function readRaw(request: HttpRequest): Promise<Result<Uint8Array>> {
  if (!isJsonContentType(request.headers.get('content-type'))) {
    return { ok: false, problem: problem('ContentTypeUnsupported') };
  }
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) {
    return {
      ok: false,
      problem: problem('BodyTooLarge', `The body is ${declared} bytes long; the limit is ${MAX_BODY_BYTES}.`),
    };
  }
  const raw = new Uint8Array(await request.arrayBuffer());
  if (raw.byteLength === 0 && request.headers.get('transfer-encoding') !== null)
    return { ok: false, problem: problem('BodyLengthMissing') };
  return raw.byteLength > MAX_BODY_BYTES
    ? { ok: false, problem: problem('BodyTooLarge') }
    : { ok: true, value: raw };
}

/** The JSON value of a body. Problems: those of `readRaw` and `parseJson`. */
export async function readBody(request: HttpRequest): Promise<Result<unknown>> {
  const raw = await readRaw(request);
  return raw.ok ? parseJson(raw.value) : raw;
}

/** The absolute address of a path on the host that was called. */
export function addressOf(request: HttpRequest, path: string): string {
  return new URL(path, request.url).href;
}
