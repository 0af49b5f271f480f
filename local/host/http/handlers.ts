import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../shared/clock.ts';
import type { Busy } from '../busy.ts';
import { WEBHOOK_PATH } from '../management/addresses.ts';
import type { ManagementApi } from '../management/api.ts';
import { addressOf, bodyOf, send, type Reply } from './exchange.ts';
import { hasKey } from './keys.ts';

export interface HandlersOptions {
  clock: Pick<Clock, 'now'>;
  busy: Busy;
  functionKey: string;
  /** Why nothing can be served. */
  broken: string | undefined;
  management: ManagementApi;
  functions: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  /** Runs a timer-triggered function now; undefined when there is none of that name. */
  fire: (name: string) => Promise<void> | undefined;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const RPC_PATH = '/durabletask/';
const ADMIN = /^\/admin\/functions\/([^/]+)$/;

/**
 * What answers at the two addresses of a host: `open` with functions, management and admin, by key; `rpc` with
 * management alone and without a key, for the client inside the app.
 */
export function createHandlers(options: HandlersOptions): { open: Handle; rpc: Handle } {
  const { clock, busy, functionKey, broken, management, functions } = options;

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

  const fire = async (request: IncomingMessage, name: string): Promise<Reply> => {
    await bodyOf(request);
    const run = options.fire(decodeURIComponent(name));
    if (!run) return { status: 404 };
    // The real host does not wait for the function either.
    const leave = busy.enter();
    run.catch(() => undefined).finally(leave);
    return { status: 202 };
  };

  return {
    open: held(async (request, response, url) => {
      const path = url.pathname;
      const [, name] = ADMIN.exec(path) ?? [];
      const isFire = name !== undefined && request.method === 'POST';
      const isManagement = path.toLowerCase().startsWith(`${WEBHOOK_PATH}/`);
      if ((isFire || isManagement) && !hasKey(request, url.searchParams, functionKey)) return { status: 401 };
      if (isFire) return fire(request, name);
      if (isManagement) return management({ request, url, path: path.slice(WEBHOOK_PATH.length) });
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
