import * as nodeModule from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  beginRegistration,
  endRegistration,
  getProgrammingModel,
  openRegistration,
  type ProgrammingModel,
  type Registrations,
} from './functions-core.ts';
import { messageOf } from './errors.ts';

/** An app after its entry module was imported. */
export interface LoadedApp {
  registrations: Registrations;
  model: ProgrammingModel | undefined;
  /** Why no function at all was loaded. */
  error?: Error;
}

const loaded = new Map<string, LoadedApp>();
let times = 0;
let queue: Promise<unknown> = Promise.resolve();
let hooked = false;

/**
 * Imports the entry module of an app and collects what it registers. The module system runs an entry once in a
 * process, so a second host of the same entry is given the same functions.
 *
 * As on the real host an entry that fails leaves an app without functions, not an exception.
 * @param entry path or file URL
 */
export function loadApp(entry: string, log: (line: string) => void): Promise<LoadedApp> {
  const url = entry.startsWith('file:') ? entry : pathToFileURL(entry).href;
  const load = async (): Promise<LoadedApp> => {
    const known = loaded.get(url);
    if (known) return known;
    const app = await importApp(url, log);
    if (!app.error) loaded.set(url, app);
    return app;
  };
  // One at a time: registrations go to whichever app is being imported.
  const next = queue.then(load);
  queue = next.catch(() => undefined);
  return next;
}

/** Has each app run anew, with the settings of the process as they are then, when it is loaded next; modules it imports stay. */
export function forgetApps(): void {
  loaded.clear();
  times++;
  openRegistration();
}

async function importApp(url: string, log: (line: string) => void): Promise<LoadedApp> {
  provideFunctionsCore();
  const registrations = beginRegistration((level, _category, message) => {
    log(`[worker] ${level}: ${message}`);
  });
  try {
    await import(times === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${String(times)}`);
    const model = getProgrammingModel();
    const capabilities = (await model?.getCapabilities({})) ?? {};
    if (capabilities['HttpUri'] !== undefined)
      throw new Error('The app asks for HTTP streaming, which this host does not do.');
    // Once an app, before its first function; the real worker does the same.
    for (const { name, callback } of registrations.hooks) {
      if (name === 'appStart') await callback({ hookData: {}, appHookData: {} });
    }
    return { registrations, model };
  } catch (error) {
    log(`[host] No function is loaded, the entry module failed: ${messageOf(error)}`);
    return {
      registrations: { functions: new Map(), hooks: [] },
      model: undefined,
      error: error instanceof Error ? error : new Error(messageOf(error)),
    };
  } finally {
    endRegistration();
  }
}

/** Tells an app that its worker is about to end, as the real one does when it is stopped in an orderly way. */
export async function terminate({ registrations }: LoadedApp): Promise<void> {
  for (const { name, callback } of registrations.hooks)
    if (name === 'appTerminate') await callback({ hookData: {}, appHookData: {} });
}

export function provideFunctionsCore(): void {
  if (hooked) return;
  hooked = true;
  // Built, both lie beside each other as well.
  const url = new URL(`./functions-core${extname(import.meta.filename)}`, import.meta.url).href;
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core' ? { url, shortCircuit: true } : next(specifier, context),
  });
}
