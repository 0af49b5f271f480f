import { setImmediate as nextTurn } from 'node:timers/promises';
import * as df from 'durable-functions';
import { registerClient } from './client-function.ts';

/** What the host has limits for, or does otherwise on purpose. */

registerClient();

/** How many activities ran at the same time, at most. */
export const concurrency = { now: 0, most: 0 };

df.app.activity('crowd', {
  handler: async (value: unknown) => {
    concurrency.now += 1;
    concurrency.most = Math.max(concurrency.most, concurrency.now);
    await nextTurn();
    await nextTurn();
    concurrency.now -= 1;
    return value;
  },
});
df.app.activity('fails', { handler: () => Promise.reject(new Error('E_ALWAYS')) });

const later = (context: df.OrchestrationContext, milliseconds: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + milliseconds);

df.app.orchestration('crowds', function* (context) {
  const tasks = Array.from({ length: 40 }, (_, index) => context.df.callActivity('crowd', index));
  const results: unknown = yield context.df.Task.all(tasks);
  return results;
});

/** As a repair does: begins something, and looks every minute whether it is done. */
df.app.orchestration('watches', function* (context) {
  for (let minute = 0; minute < 25; minute++) {
    yield context.df.callActivity('crowd', minute);
    yield context.df.createTimer(later(context, 60_000));
  }
  return 'done';
});

df.app.orchestration('cancelsTimer', function* (context) {
  const timer = context.df.createTimer(later(context, 86_400_000));
  const task = context.df.callActivity('crowd', 1);
  yield context.df.Task.any([task, timer]);
  timer.cancel();
  yield context.df.createTimer(later(context, 1000));
  return 'went on';
});

df.app.orchestration('callsHttp', function* (context) {
  const response: unknown = yield context.df.callHttp({ method: 'GET', url: 'http://127.0.0.1:9/' });
  return response;
});
df.app.orchestration('callsEntity', function* (context) {
  const state: unknown = yield context.df.callEntity(new df.EntityId('counter', 'one'), 'get');
  return state;
});
df.app.orchestration('limitsRetryTime', function* (context) {
  const options = new df.RetryOptions(1000, 3);
  Object.assign(options, { retryTimeoutInMilliseconds: 10_000 });
  yield context.df.callActivityWithRetry('fails', options);
});
df.app.orchestration('backsOff', function* (context) {
  const begun = context.df.currentUtcDateTime.getTime();
  const options = new df.RetryOptions(1000, 4);
  Object.assign(options, { backoffCoefficient: 3, maxRetryIntervalInMilliseconds: 5000 });
  try {
    yield context.df.callActivityWithRetry('fails', options);
  } catch {
    // What matters is how long it took.
  }
  return context.df.currentUtcDateTime.getTime() - begun;
});
df.app.orchestration('waits', function* (context) {
  const value: unknown = yield context.df.waitForExternalEvent('go');
  return value;
});
df.app.orchestration('callsRunningChild', function* (context) {
  try {
    yield context.df.callSubOrchestrator('waits', undefined, 'already-there');
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : 'no error';
  }
});

df.app.entity('counter', (context: df.EntityContext<number>) => {
  context.df.return(context.df.getState());
});

/** Can be suspended before its activity. */
df.app.orchestration('twoSteps', function* (context) {
  const first: unknown = yield context.df.waitForExternalEvent('go');
  const second: unknown = yield context.df.callActivity('crowd', first);
  context.df.setCustomStatus('second step done');
  yield context.df.waitForExternalEvent('end');
  return second;
});
