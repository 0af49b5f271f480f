import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import * as z from 'zod';
import { registerClient } from './client-function.ts';
import { recordTurns } from './record-turns.ts';

recordTurns();
registerClient();

/**
 * The orchestrations that were recorded on the real host (test/fixtures/durable/turns.json), written anew: names,
 * inputs and timings are those of the recording.
 */

const calls = new Map<string, number>();
function nthCall(key: string): number {
  const n = (calls.get(key) ?? 0) + 1;
  calls.set(key, n);
  return n;
}

/** By instance id and argument, as `gateKey` writes them. */
export const gates = new Map<string, Promise<void>>();
export const gateKey = (instanceId: string, argument: unknown): string =>
  `${instanceId} ${JSON.stringify(argument)}`;

function gateOf(context: InvocationContext, argument: unknown): Promise<void> | undefined {
  return gates.get(gateKey(String(context.triggerMetadata?.['instanceId']), argument));
}

const later = (context: df.OrchestrationContext, milliseconds: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + milliseconds);

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

/**
 * Gives back what it gets, after the gate the test put before it (if any): so results come in the order, and in the
 * turns, in which they came on the real host.
 */
df.app.activity('echo', {
  handler: async (value: unknown, context: InvocationContext) => {
    await gateOf(context, value);
    return value;
  },
});
df.app.activity('count', { handler: (key: string) => nthCall(`count ${key}`) });
df.app.activity('fail', {
  handler: async (message: string, context: InvocationContext) => {
    await gateOf(context, message);
    throw new Error(message);
  },
});
df.app.activity('flaky', {
  handler: (key: string) => {
    const n = nthCall(`flaky ${key}`);
    if (n < 3) throw new Error(`E_FLAKY try ${String(n)}`);
    return n;
  },
});

df.app.orchestration('chain', function* (context) {
  const first: unknown = yield context.df.callActivity('echo', { n: 1 });
  context.df.setCustomStatus({ step: 1 });
  const second: unknown = yield context.df.callActivity('echo', {
    ...z.object({ n: z.number() }).parse(first),
    m: 2,
  });
  return second;
});

df.app.orchestration('retry', function* (context) {
  const options = new df.RetryOptions(500, 3);
  const result: unknown = yield context.df.callActivityWithRetry('flaky', options, context.df.instanceId);
  return result;
});

df.app.orchestration('fanout', function* (context) {
  const results: unknown = yield context.df.Task.all(
    [1, 2, 3].map((n) => context.df.callActivity('echo', n)),
  );
  return results;
});

df.app.orchestration('fanoutOneFails', function* (context) {
  try {
    const results: unknown = yield context.df.Task.all([
      context.df.callActivity('echo', 1),
      context.df.callActivity('fail', 'E_ONE'),
      context.df.callActivity('echo', 3),
    ]);
    return results;
  } catch (error) {
    return { caught: firstLine(error) };
  }
});

df.app.orchestration('timerWins', function* (context) {
  const timer = context.df.createTimer(later(context, 1000));
  const event = context.df.waitForExternalEvent('go');
  const winner: unknown = yield context.df.Task.any([timer, event]);
  return winner === timer ? 'timer' : 'event';
});

df.app.orchestration('eventWins', function* (context) {
  const timer = context.df.createTimer(later(context, 60_000));
  const event = context.df.waitForExternalEvent('go');
  const winner: unknown = yield context.df.Task.any([timer, event]);
  if (winner === event) timer.cancel();
  return { who: winner === timer ? 'timer' : 'event', value: event.result };
});

df.app.orchestration('poll', function* (context) {
  yield context.df.callActivity('echo', 'begin');
  for (;;) {
    yield context.df.createTimer(later(context, 300));
    const n: unknown = yield context.df.callActivity('count', context.df.instanceId);
    if (typeof n === 'number' && n >= 3) return n;
  }
});

df.app.orchestration('compensate', function* (context) {
  const undo: string[] = [];
  try {
    yield context.df.callActivity('echo', 'do');
    undo.push('undo');
    yield context.df.callActivity('fail', 'E_BAD: no');
    return 'done';
  } catch {
    for (const step of undo.reverse()) yield context.df.callActivity('echo', step);
    return 'rolled back';
  }
});

const childInput = z.object({ n: z.number(), fail: z.boolean().optional() });
df.app.orchestration('child', function* (context) {
  const input = childInput.parse(context.df.getInput());
  context.df.setCustomStatus(`child ${String(input.n)}`);
  yield context.df.callActivity('echo', input);
  if (input.fail) throw new Error('E_CHILD');
  return input.n * 10;
});

df.app.orchestration('parent', function* (context) {
  const id = context.df.instanceId;
  const results: unknown = yield context.df.Task.all(
    [1, 2].map((n) => context.df.callSubOrchestrator('child', { n }, `${id}:child${String(n)}`)),
  );
  return results;
});

df.app.orchestration('parentOfFailing', function* (context) {
  try {
    yield context.df.callSubOrchestrator('child', { n: 1, fail: true }, `${context.df.instanceId}:child`);
    return 'nothing failed';
  } catch (error) {
    return { caught: firstLine(error) };
  }
});

df.app.orchestration('again', function* (context) {
  const input = z.object({ n: z.number() }).parse(context.df.getInput());
  yield context.df.callActivity('echo', input.n);
  if (input.n < 3) {
    context.df.continueAsNew({ n: input.n + 1 });
    return undefined;
  }
  return input;
});

df.app.orchestration('twoEvents', function* (context) {
  const first: unknown = yield context.df.waitForExternalEvent('go');
  yield context.df.createTimer(later(context, 800));
  const second: unknown = yield context.df.waitForExternalEvent('go');
  return [first, second];
});

df.app.orchestration('waits', function* (context) {
  const value: unknown = yield context.df.waitForExternalEvent('go');
  return value;
});
