import { randomBytes } from 'node:crypto';
import { createBusy } from './busy.ts';
import { createDurableClient } from './durable/client.ts';
import { createEngine } from './durable/engine.ts';
import { sortFunctions } from './functions.ts';
import { readHostJson } from './host-json.ts';
import { createHttpFunctions } from './http/functions.ts';
import type { HostKeys } from './http/keys.ts';
import { createRoutes } from './http/routes.ts';
import { listen } from './http/server.ts';
import { createHandlers } from './http/handlers.ts';
import type { EmbeddedHost, HostOptions } from './embedded-host.ts';
import { createInvoke, type Inputs, type RegisteredFunction } from './invoke.ts';
import { keepShare } from './keep-share.ts';
import { loadApp, terminate } from './load-app.ts';
import { createAddresses } from './management/addresses.ts';
import { createManagementApi } from './management/api.ts';
import { durableClientInputs } from './management/client-input.ts';
import { startQueueListener } from './queue/listener.ts';
import { createQueueOutputs } from './queue/outputs.ts';
import { createAppSettings } from './settings.ts';
import { openStore } from './store/store.ts';
import { createWaiters } from './waiters.ts';
import { startTimerTrigger, timerInputs } from './timer/trigger.ts';

export type { EmbeddedHost, HostOptions };

/** What is still running that long after `close` is left to the next host, in real milliseconds. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Starts the embedded Functions host: loads an app's functions as they are and drives them by the contract of the
 * real host (see README.md here).
 * @throws Error when host.json cannot be read, the port is taken or the state file cannot be used
 */
export async function startHost(options: HostOptions): Promise<EmbeddedHost> {
  const { clock, log = () => undefined } = options;
  const keys = keysOf(options);
  const host = readHostJson(options.hostJson);
  const settings = createAppSettings(options.storageConnection);
  const app = await loadApp(options.entry, log);
  const found = sortFunctions(app.registrations.functions.values(), host, settings);
  const broken = brokenBy(found.http, host.hubName);
  const functions = broken === undefined ? found : sortFunctions([], host, settings);
  const { off } = functions;
  const routes = createRoutes(functions.http, host.routePrefix, (name, reason) => {
    off.set(name, reason);
  });
  for (const [name, reason] of off) log(`[host] The function '${name}' is off: ${reason}`);
  if (broken !== undefined) log(`[host] Nothing is served: ${broken}`);

  const store = openStore(options.statePath, options.durability ?? 'normal');
  const busy = createBusy(clock);
  const invoke = createInvoke(app, log);
  const engine = createEngine({
    store,
    clock,
    busy,
    // An activity, too, may ask for the durable client.
    invoke: (target, { inputData, ...rest }) => {
      const extra = durableClientInputs(target.metadata, addresses.clientBinding);
      return invoke(target, { inputData: [...inputData, ...extra], ...rest });
    },
    log,
    orchestrators: functions.orchestrators,
    activities: functions.activities,
    onFinished: (id) => {
      waiters.look(id);
    },
    concurrentActivities: options.concurrentActivities ?? 32,
    extendedSessions: options.extendedSessions ?? false,
    onTurn: options.onTurn,
    onActivity: options.onActivity,
    versions: host.versions,
  });
  const client = createDurableClient({ store, engine, clock, defaultVersion: host.versions.defaultVersion });
  const waiters = createWaiters(client);

  // Their addresses are part of what they answer with.
  const { promise: handlers, resolve: open } = Promise.withResolvers<ReturnType<typeof createHandlers>>();
  const server = await listen(options.port ?? 0, async (...call) => (await handlers).open(...call), log);
  const rpc = await listen(0, async (...call) => (await handlers).rpc(...call), log);
  const url = `http://127.0.0.1:${String(server.port)}`;
  const rpcBase = `http://127.0.0.1:${String(rpc.port)}/durabletask/`;
  const addresses = createAddresses(url, rpcBase, host.hubName, keys.system);
  // Without it `durable-functions` replaces the origin of all management addresses by http://localhost:7071.
  process.env['WEBSITE_HOSTNAME'] ??= `127.0.0.1:${String(server.port)}`;

  const clientBinding = addresses.clientBinding;
  const sendOutputs = createQueueOutputs(settings, host.queues.messageEncoding);
  const run =
    (target: RegisteredFunction) =>
    async ({ inputData, triggerMetadata = {} }: Inputs): Promise<void> => {
      const extra = durableClientInputs(target.metadata, clientBinding);
      await sendOutputs(
        target.metadata,
        await invoke(target, { inputData: [...inputData, ...extra], triggerMetadata }),
      );
    };
  const handle = createHandlers({
    clock,
    busy,
    keys,
    broken,
    management: createManagementApi(client, addresses),
    functions: createHttpFunctions({ routes, invoke, keys, clientBinding, sendOutputs, log }),
    fire: (name) => {
      const timer = functions.timers.find(({ target }) => target.metadata.name === name);
      if (!timer) return undefined;
      const now = clock.now();
      const times = { isPastDue: false, last: null, next: timer.schedule.next(now) };
      return run(timer.target)(timerInputs(timer, now, times));
    },
  });

  open(handle);
  const share = keepShare(store, engine, waiters, log);
  const { schedules } = store;
  const queues = functions.queues.map((target) =>
    startQueueListener({ target, settings: host.queues, busy, log, run: run(target.target) }),
  );
  const timers = (options.timerTriggers === 'off' ? [] : functions.timers).map((target) =>
    startTimerTrigger({ target, clock, schedules, busy, log, run: run(target.target) }),
  );

  const stopTimes = (): void => {
    timers.forEach((stop) => {
      stop();
    });
    share.stop();
  };
  const leave = (): void => {
    store.owners.leave();
    store.database.close();
    if (process.env['WEBSITE_HOSTNAME'] === `127.0.0.1:${String(server.port)}`)
      delete process.env['WEBSITE_HOSTNAME'];
  };
  const settled = async (what: Promise<unknown>[]): Promise<void> => {
    const tooLong = new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
    await Promise.race([Promise.all(what), tooLong]);
  };

  return {
    url,
    functionKey: keys.function,
    systemKey: keys.system,
    masterKey: keys.master,
    off,
    ...(app.error && { startupError: app.error }),
    idle: busy.idle,
    finished: waiters.finished,
    async close() {
      stopTimes();
      const ended = Promise.all([
        server.close(),
        rpc.close(),
        ...queues.map((queue) => queue.close()),
        engine.close(),
      ]);
      await settled([ended.then(() => terminate(app))]);
      leave();
    },
    async crash() {
      stopTimes();
      const ended = engine.close();
      leave();
      void server.close();
      void rpc.close();
      await settled([...queues.map((queue) => queue.close()), ended]);
    },
  };
}

/** Random where none are given. */
function keysOf({ functionKey, systemKey, masterKey }: HostOptions): HostKeys {
  const random = (): string => randomBytes(24).toString('base64url');
  return { function: functionKey ?? random(), system: systemKey ?? random(), master: masterKey ?? random() };
}

/** What makes the real host answer 503 to everything. */
function brokenBy(http: { route: string }[], hubName: string): string | undefined {
  const slashed = http.find(({ route }) => route.startsWith('/'));
  if (slashed) return `the route '${slashed.route}' begins with a slash.`;
  if (!/^[A-Za-z][A-Za-z0-9]{2,44}$/.test(hubName)) return `'${hubName}' is not a valid hub name.`;
  return undefined;
}
