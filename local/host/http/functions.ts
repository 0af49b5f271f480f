import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpFunction } from '../functions.ts';
import type { Invoke } from '../invoke.ts';
import { messageOf } from '../errors.ts';
import type { SendOutputs } from '../queue/outputs.ts';
import { durableClientInputs } from '../management/client-input.ts';
import { bodyOf, send, sendHttpData, toHttpData } from './exchange.ts';
import { levelOf, type HostKeys, type KeyLevel } from './keys.ts';
import type { Routes } from './routes.ts';

export interface HttpFunctionsOptions {
  routes: Routes;
  invoke: Invoke;
  keys: HostKeys;
  /** Value of a durable client binding. */
  clientBinding: () => string;
  sendOutputs: SendOutputs;
  log: (line: string) => void;
}

/** Answers requests to HTTP-triggered functions: 404, 401 and 500 without a body, as the real host does. */
export function createHttpFunctions(
  options: HttpFunctionsOptions,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { routes, invoke, keys, log } = options;
  return async (request, response, url) => {
    const match = routes.find(request.method ?? 'GET', url.pathname);
    if (!match) {
      send(response, { status: 404 });
      return;
    }
    const { target, params } = match;
    if (!isLetIn(target, levelOf(request, url.search, keys))) {
      send(response, { status: 401 });
      return;
    }
    const { metadata } = target.target;
    try {
      const http = toHttpData(request, url, params, await bodyForWorker(request));
      const outcome = await invoke(target.target, {
        inputData: [
          { name: triggerName(target), data: { http } },
          ...durableClientInputs(metadata, options.clientBinding),
        ],
        triggerMetadata: Object.fromEntries(
          Object.entries(params).map(([name, value]) => [name, { string: value }]),
        ),
      });
      await options.sendOutputs(metadata, outcome);
      sendHttpData(response, outcome.returnValue?.http);
    } catch (error) {
      log(`[${metadata.name}] failed: ${messageOf(error)}`);
      if (!response.headersSent) send(response, { status: 500 });
    }
  };
}

/** 401 for a key of a lower level too, which is what the real host answers here. */
function isLetIn({ authLevel }: HttpFunction, level: KeyLevel | undefined): boolean {
  if (authLevel === 'anonymous' || level === 'master') return true;
  return authLevel === 'function' && level === 'function';
}

/** Nothing of a body that came in chunks: the host does not hand it on to the worker. */
async function bodyForWorker(request: IncomingMessage): Promise<Buffer> {
  const body = await bodyOf(request);
  return request.headers['transfer-encoding'] === undefined ? body : Buffer.alloc(0);
}

function triggerName({ target }: HttpFunction): string {
  return Object.entries(target.metadata.bindings).find(([, { type }]) => type === 'httpTrigger')?.[0] ?? '';
}
