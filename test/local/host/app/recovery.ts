import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as nap } from 'node:timers/promises';
import * as df from 'durable-functions';
import * as z from 'zod';

/** An app whose activities leave lines in a file, so that another process sees how far it came. */

const journal = process.env['JOURNAL'] ?? '';
const lines = (): string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []);
const write = (line: string): void => {
  appendFileSync(journal, `${line}\n`);
};
const stepInput = z.object({ id: z.string(), step: z.number() });

df.app.activity('step', {
  handler: (input: unknown) => {
    const { id, step } = stepInput.parse(input);
    write(`${id} ${String(step)}`);
    return step;
  },
});

/** The first time it never ends, so that it can be killed in the middle. */
df.app.activity('stall', {
  handler: async (id: string) => {
    const before = lines().filter((line) => line === `${id} stall`).length;
    write(`${id} stall`);
    if (before === 0) await nap(600_000);
    return before;
  },
});

const later = (context: df.OrchestrationContext, milliseconds: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + milliseconds);

/** Three steps with a timer between them, then a child with two more. */
df.app.orchestration('work', function* (context) {
  const id = context.df.instanceId;
  const done: unknown[] = [];
  for (const step of [1, 2, 3]) {
    done.push(yield context.df.callActivity('step', { id, step }));
    yield context.df.createTimer(later(context, 40));
  }
  done.push(yield context.df.callSubOrchestrator('child', undefined, `${id}:child`));
  return done;
});

df.app.orchestration('child', function* (context) {
  const id = context.df.instanceId;
  const both: unknown = yield context.df.Task.all(
    [4, 5].map((step) => context.df.callActivity('step', { id, step })),
  );
  return both;
});

df.app.orchestration('stalls', function* (context) {
  const attemptsBefore: unknown = yield context.df.callActivity('stall', context.df.instanceId);
  return attemptsBefore;
});

/** Kills its own process in the middle of the second turn, once. */
df.app.orchestration('diesInTurn', function* (context) {
  const id = context.df.instanceId;
  yield context.df.callActivity('step', { id, step: 1 });
  if (!lines().includes(`${id} died`)) {
    write(`${id} died`);
    process.kill(process.pid, 'SIGKILL');
  }
  yield context.df.callActivity('step', { id, step: 2 });
  return 'survived';
});

df.app.orchestration('sleeps', function* (context) {
  const id = context.df.instanceId;
  yield context.df.callActivity('step', { id, step: 1 });
  context.df.setCustomStatus('asleep');
  yield context.df.createTimer(later(context, 700));
  return 'awake';
});

df.app.orchestration('waits', function* (context) {
  yield context.df.callActivity('step', { id: context.df.instanceId, step: 1 });
  const first: unknown = yield context.df.waitForExternalEvent('go');
  const second: unknown = yield context.df.waitForExternalEvent('go');
  return [first, second];
});
