import type { IncomingMessage } from 'node:http';
import { bodyOf, type Reply } from './exchange.ts';

/** What the real host has below `/admin`, all of it for the holder of the master key. */
const AREA = /^\/admin\/(?:extensions|functions|host|instance|vfs|warmup|zip)(?:\/|$)/i;
const PING = /^\/admin\/host\/ping\/?$/i;
const STATUS = /^\/admin\/host\/status\/?$/i;
const FUNCTION = /^\/admin\/functions\/([^/]+)\/?$/i;

/** Whether the load balancer asks if the host is there: anybody may. */
export function isPing({ method }: IncomingMessage, path: string): boolean {
  return PING.test(path) && (method === 'GET' || method === 'POST');
}

export const isAdmin = (path: string): boolean => AREA.test(path);

export interface AdminOptions {
  /** Runs a timer-triggered function now; `undefined` when there is none of that name. */
  fire: (name: string) => Promise<void> | undefined;
  /** Marks that something runs, until it is called back. */
  enter: () => () => void;
}

/** Answers the holder of the master key: the state of the host, a timer that is to fire; of the rest, that it is not here. */
export async function answerAdmin(
  request: IncomingMessage,
  path: string,
  { fire, enter }: AdminOptions,
): Promise<Reply> {
  const [, name] = FUNCTION.exec(path) ?? [];
  if (STATUS.test(path) && request.method === 'GET') return { status: 200, json: { state: 'Running' } };
  if (name === undefined || request.method !== 'POST')
    return {
      status: 501,
      json: { Message: 'The embedded host does not serve this (local/host/README.md).' },
    };
  await bodyOf(request);
  const run = fire(decodeURIComponent(name));
  if (!run) return { status: 404 };
  // The real host does not wait for the function either.
  const leave = enter();
  run.catch(() => undefined).finally(leave);
  return { status: 202 };
}
