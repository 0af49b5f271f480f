import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Busy } from '../busy.ts';
import { WEBHOOK_PATH } from '../management/addresses.ts';
import type { ManagementApi } from '../management/api.ts';
import { addressOf, bodyOf, sendEmpty } from './exchange.ts';
import { hasKey } from './keys.ts';

export interface HandlersOptions {
  busy: Busy;
  functionKey: string;
  /** Why nothing can be served. */
  broken: string | undefined;
  management: ManagementApi;
  functions(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  /** Runs a timer-triggered function now; undefined when there is none of that name. */
  fire(name: string): Promise<void> | undefined;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const RPC_PATH = '/durabletask/';
const ADMIN = /^\/admin\/functions\/([^/]+)$/;

/**
 * What answers at the two addresses of a host: `open` with functions, management and admin, by key; `rpc` with
 * management alone and without a key, for the client inside the app.
 */
export function createHandlers(options: HandlersOptions): { open: Handle; rpc: Handle } {
  const { busy, functionKey, broken, management, functions } = options;

  const held =
    (handle: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>): Handle =>
    async (request, response) => {
      const url = addressOf(request);
      if (!url) return sendEmpty(response, 400);
      if (broken !== undefined) return sendEmpty(response, 503);
      const leave = busy.enter();
      try {
        await handle(request, response, url);
      } finally {
        leave();
      }
    };

  return {
    open: held(async (request, response, url) => {
      const path = url.pathname;
      const mayManage = (): boolean => hasKey(request, url.searchParams, functionKey);
      if (path.toLowerCase().startsWith(`${WEBHOOK_PATH}/`)) {
        if (!mayManage()) return sendEmpty(response, 401);
        return management({ request, response, url, path: path.slice(WEBHOOK_PATH.length) });
      }
      const [, name] = ADMIN.exec(path) ?? [];
      if (name !== undefined && request.method === 'POST') {
        if (!mayManage()) return sendEmpty(response, 401);
        await bodyOf(request);
        const run = options.fire(decodeURIComponent(name));
        // The real host does not wait for the function either.
        const leave = busy.enter();
        run?.catch(() => undefined).finally(leave);
        if (!run) leave();
        return sendEmpty(response, run ? 202 : 404);
      }
      return functions(request, response, url);
    }),
    rpc: held(async (request, response, url) => {
      if (!url.pathname.startsWith(RPC_PATH)) return sendEmpty(response, 404);
      return management({ request, response, url, path: url.pathname.slice(RPC_PATH.length) });
    }),
  };
}
