import * as df from 'durable-functions';
import * as z from 'zod';
import { registerClient } from './client-function.ts';

registerClient();

/** An orchestration that does what its input says, so that any mixture of tasks can be tried. */

const leafSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('echo'), value: z.number() }),
  /** Fails so many times before it works; is tried at most `attempts` times. */
  z.object({
    kind: z.literal('flaky'),
    value: z.number(),
    failures: z.number(),
    attempts: z.number(),
    pause: z.number(),
  }),
  z.object({ kind: z.literal('timer'), milliseconds: z.number() }),
  z.object({ kind: z.literal('child'), value: z.number() }),
]);
export type Leaf = z.infer<typeof leafSchema>;

const stepSchema = z.object({ wait: z.enum(['all', 'any']), leaves: z.array(leafSchema) });
export type Step = z.infer<typeof stepSchema>;

const attempts = new Map<string, number>();

/** Lets others go first, a different number of them each time, so that results change places within a turn. */
async function dawdle(value: number): Promise<void> {
  for (let round = 0; round < value % 12; round++) await Promise.resolve();
}

df.app.activity('echo', {
  handler: async (value: unknown) => {
    await dawdle(Number(value));
    return value;
  },
});
df.app.activity('flaky', {
  handler: async (input: unknown) => {
    const { key, value, failures } = z
      .object({ key: z.string(), value: z.number(), failures: z.number() })
      .parse(input);
    await dawdle(value);
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    if (attempt <= failures) throw new Error('not yet');
    return value;
  },
});
df.app.orchestration('child', function* (context) {
  const value: unknown = yield context.df.callActivity('echo', context.df.getInput());
  return value;
});

function taskOf(context: df.OrchestrationContext, leaf: Leaf, key: string): df.Task {
  switch (leaf.kind) {
    case 'echo':
      return context.df.callActivity('echo', leaf.value);
    case 'child':
      return context.df.callSubOrchestrator('child', leaf.value);
    case 'timer':
      return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + leaf.milliseconds));
    case 'flaky':
      return context.df.callActivityWithRetry('flaky', new df.RetryOptions(leaf.pause, leaf.attempts), {
        key,
        value: leaf.value,
        failures: leaf.failures,
      });
  }
}

/** Gives back what each step came to: its results, the number of its winner, or that it failed. */
df.app.orchestration('plan', function* (context) {
  const steps = z.array(stepSchema).parse(context.df.getInput());
  const outcomes: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    const tasks = step.leaves.map((leaf, position) =>
      taskOf(context, leaf, `${context.df.instanceId} ${String(index)} ${String(position)}`),
    );
    try {
      if (step.wait === 'all') outcomes.push(yield context.df.Task.all(tasks));
      else {
        const winner: unknown = yield context.df.Task.any(tasks);
        const position = tasks.findIndex((task) => task === winner);
        const { isFaulted, result } = tasks[position] ?? { isFaulted: true, result: undefined };
        outcomes.push({ position, result: isFaulted ? 'failed' : (result ?? null) });
      }
    } catch {
      outcomes.push('failed');
    }
  }
  return outcomes;
});

/** Longer than one timer may be. */
df.app.orchestration('twoWeeks', function* (context) {
  const begun = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(begun + 14 * 86_400_000));
  yield context.df.callActivity('echo', '1');
  return context.df.currentUtcDateTime.getTime() - begun;
});
