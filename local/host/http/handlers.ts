import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../shared/clock.ts';
import type { Busy } from '../busy.ts';
import { WEBHOOK_PATH } from '../management/addresses.ts';
import type { ManagementApi } from '../management/api.ts';
import { answerAdmin, isAdmin, isPing } from './admin.ts';
import { addressOf, send, type Reply } from './exchange.ts';
import { levelOf, type HostKeys, type KeyLevel } from './keys.ts';

export interface HandlersOptions {
  clock: Pick<Clock, 'now'>;
  busy: Busy;
  keys: HostKeys;
  /** Why nothing can be served. */
  broken: string | undefined;
  management: ManagementApi;
  functions: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  /** Runs a timer-triggered function now; undefined when there is none of that name. */
  fire: (name: string) => Promise<void> | undefined;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const RPC_PATH = '/durabletask/';

/**
 * What answers at the two addresses of a host: `open` with functions, management and admin, by key; `rpc` with
 * management alone and without a key, for the client inside the app.
 */
export function createHandlers(options: HandlersOptions): { open: Handle; rpc: Handle } {
  const { clock, busy, keys, broken, management, functions } = options;

  const held =
    (
      answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<Reply | undefined>,
    ): Handle =>
    async (request, response) => {
      const url = addressOf(request);
      response.setHeader('date', new Date(clock.now()).toUTCString());
      if (!url || broken !== undefined) {
        send(response, { status: url ? 503 : 400 });
        return;
      }
      const leave = busy.enter();
      try {
        const reply = await answer(request, response, url);
        if (reply) send(response, reply);
      } finally {
        leave();
      }
    };

  const admin = { fire: options.fire, enter: () => busy.enter() };

  return {
    open: held(async (request, response, url) => {
      const path = url.pathname;
      const level = (): KeyLevel | undefined => levelOf(request, url.search, keys);
      if (isPing(request, path)) return { status: 200 };
      if (isAdmin(path)) return refusalOf(level(), ['master']) ?? answerAdmin(request, path, admin);
      if (path.toLowerCase().startsWith(`${WEBHOOK_PATH}/`))
        return (
          refusalOf(level(), ['master', 'system']) ??
          management({ request, url, path: path.slice(WEBHOOK_PATH.length) })
        );
      await functions(request, response, url);
      return undefined;
    }),
    rpc: held(async (request, _response, url) =>
      url.pathname.startsWith(RPC_PATH)
        ? management({ request, url, path: url.pathname.slice(RPC_PATH.length) })
        : { status: 404 },
    ),
  };
}

/** What is answered to somebody who has no key, or one for something else. */
function refusalOf(level: KeyLevel | undefined, enough: readonly KeyLevel[]): Reply | undefined {
  if (level === undefined) return { status: 401, headers: { 'www-authenticate': 'Bearer' } };
  return enough.includes(level) ? undefined : { status: 403 };
}
