import { app, type HttpRequest, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import * as z from 'zod';

/** The app behind the probes in test/fixtures/durable/behaviours.json, written anew. */

const boom = new df.RetryOptions(50, 2);
const nap = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

df.app.activity('ok', { handler: () => 'ok' });
df.app.activity('boom', {
  handler: () => {
    throw new Error('boom!');
  },
});
df.app.activity('asyncboom', { handler: () => Promise.reject(new Error('async\nmulti line')) });
df.app.activity('kind', { handler: (value: unknown) => ({ i: value, t: typeof value }) });
df.app.activity('nothing', { handler: () => undefined });
df.app.activity('slow', {
  handler: async (n: number) => {
    await nap(n);
    return n;
  },
});

df.app.orchestration('callMissing', function* (context) {
  yield context.df.callActivity('notThere');
});
df.app.orchestration('catchMissing', function* (context) {
  try {
    yield context.df.callActivity('notThere');
    return 'called';
  } catch (error) {
    return { caught: text(error) };
  }
});
df.app.orchestration('callBoom', function* (context) {
  yield context.df.callActivity('boom');
});
df.app.orchestration('catchBoom', function* (context) {
  try {
    yield context.df.callActivity('boom');
    return 'called';
  } catch (error) {
    const { name, constructor } = error instanceof Error ? error : new TypeError('no error at all');
    return { caught: text(error), name, ctor: constructor.name };
  }
});
df.app.orchestration('catchAsyncBoom', function* (context) {
  try {
    yield context.df.callActivity('asyncboom');
    return 'called';
  } catch (error) {
    return { caught: text(error) };
  }
});
df.app.orchestration('throws', function* (context) {
  yield context.df.callActivity('ok');
  throw new Error('orch err');
});
df.app.orchestration('types', function* (context) {
  const values: unknown[] = [null, undefined, 'str', 5, true, [1, 'a'], { d: new Date(0) }, '"q"', '5'];
  const kinds: unknown[] = [];
  for (const value of values) kinds.push(yield context.df.callActivity('kind', value));
  const nothing: unknown = yield context.df.callActivity('nothing');
  return [...kinds, { u: String(nothing) }];
});
df.app.orchestration('fan', function* (context) {
  const all: unknown = yield context.df.Task.all([30, 20, 10].map((n) => context.df.callActivity('slow', n)));
  return { all };
});
df.app.orchestration('fanFail', function* (context) {
  try {
    yield context.df.Task.all([context.df.callActivity('slow', 10), context.df.callActivity('boom')]);
    return 'called';
  } catch (error) {
    return { m: text(error), n: error instanceof Error ? error.name : '' };
  }
});
df.app.orchestration('inner', function* (context) {
  const n: unknown = yield context.df.callActivity('slow', context.df.getInput());
  return { n, id: context.df.instanceId };
});
df.app.orchestration('sub', function* (context) {
  const result: unknown = yield context.df.callSubOrchestrator('inner', 10);
  return result;
});
df.app.orchestration('subFail', function* (context) {
  try {
    yield context.df.callSubOrchestrator('throws');
    return 'called';
  } catch (error) {
    return { m: text(error), n: error instanceof Error ? error.name : '' };
  }
});
df.app.orchestration('can', function* (context) {
  const n: unknown = context.df.getInput();
  yield context.df.callActivity('ok');
  if (n !== '') return { n };
  context.df.continueAsNew('1');
  return undefined;
});
df.app.orchestration('retryBoom', function* (context) {
  yield context.df.callActivityWithRetry('boom', boom);
});
/** Registers what the types of the library would not let through. */
const registerWrongly = (name: string, handler: () => unknown): void => {
  Reflect.apply(df.app.orchestration, df.app, [name, handler]);
};
registerWrongly('asyncOrch', () => Promise.resolve('never seen'));
registerWrongly('badYield', function* () {
  yield 5;
});
df.app.orchestration('utc', function* (context) {
  const before = context.df.currentUtcDateTime;
  yield context.df.callActivity('ok');
  return [before, context.df.currentUtcDateTime, context.df.isReplaying, context.df.parentInstanceId ?? null];
});
let turnsOfNondet = 0;
df.app.orchestration('nondet', function* (context) {
  turnsOfNondet += 1;
  yield context.df.callActivity(turnsOfNondet === 1 ? 'ok' : 'slow');
});
df.app.orchestration('waitEv', function* (context) {
  const value: unknown = yield context.df.waitForExternalEvent('e');
  return value;
});

const constructorOf = (value: unknown): unknown =>
  Reflect.get(Object(Reflect.get(Object(value), 'constructor')), 'name');

/** The outcome of a client call in the form of the recording. */
app.http('client', {
  route: 'client/{operation}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request: HttpRequest, context: InvocationContext) => {
    const client = df.getClient(context);
    const method: unknown = Reflect.get(client, request.params['operation'] ?? '');
    if (typeof method !== 'function') return { status: 404 };
    try {
      const result: unknown = await Reflect.apply(
        method,
        client,
        z.array(z.unknown()).parse(await request.json()),
      );
      const kind = result === undefined ? 'undefined' : constructorOf(result);
      return { jsonBody: { r: result ?? null, kind: String(kind) } };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { status: 500, jsonBody: { name, message } };
    }
  },
});

app.http('sec', { route: 'sec', authLevel: 'function', handler: () => ({ body: 'secret' }) });
app.http('adm', { route: 'adm', authLevel: 'admin', handler: () => ({ body: 'more secret' }) });
app.http('thrower', {
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('nobody should see this');
  },
});
app.http('plain', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({ body: 'plain', headers: { 'x-a': 'b' } }),
});
app.http('noauthset', {
  authLevel: 'anonymous',
  handler: async (request: HttpRequest) => ({
    jsonBody: {
      url: request.url,
      h: Object.fromEntries(request.headers),
      q: Object.fromEntries(request.query),
      b: await request.text(),
    },
  }),
});
Reflect.apply(app.http, app, ['empty', { authLevel: 'anonymous', handler: () => undefined }]);
app.http('item', {
  route: 'items/{id:int}/parts/{part?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: (request: HttpRequest) => ({ jsonBody: request.params }),
});
app.http('files', {
  route: 'files/{*rest}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: (request: HttpRequest) => ({ jsonBody: request.params }),
});
app.http('cookie', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({
    cookies: [
      { name: 'a', value: 'b', path: '/', maxAge: 5 },
      { name: 'c', value: 'd e', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ],
  }),
});
