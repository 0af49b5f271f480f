import fc from 'fast-check';
import * as z from 'zod';
import type { HostOptions } from '../../../../local/host/start-host.ts';
import type { Leaf, Step } from '../app/plans.ts';
import { startTestHost, type TestHost } from './test-host.ts';

const value = fc.integer({ min: 1, max: 1_000_000 });
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ kind: fc.constant('echo' as const), value }),
  fc.record({ kind: fc.constant('child' as const), value }),
  fc.record({ kind: fc.constant('timer' as const), milliseconds: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({
    kind: fc.constant('flaky' as const),
    value,
    failures: fc.integer({ min: 0, max: 3 }),
    attempts: fc.integer({ min: 1, max: 3 }),
    pause: fc.integer({ min: 1, max: 2_000 }),
  }),
);
const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.constantFrom('all' as const, 'any' as const),
  leaves: fc.array(leaf, { minLength: 1, maxLength: 4 }),
});

const fails = (task: Leaf | undefined): boolean => task?.kind === 'flaky' && task.failures >= task.attempts;
const resultOf = (task: Leaf | undefined): unknown => (!task || task.kind === 'timer' ? null : task.value);
const winner = z.object({ position: z.number(), result: z.unknown() });

/** What a step may come to; who wins a race is nobody's business, but the winner's result must be its own. */
function expectFits({ wait, leaves }: Step, outcome: unknown): void {
  if (wait === 'all') {
    expect(outcome).toEqual(leaves.some(fails) ? 'failed' : leaves.map(resultOf));
    return;
  }
  const { position, result } = winner.parse(outcome);
  const task = leaves[position];
  expect(task).toBeDefined();
  expect(result).toEqual(fails(task) ? 'failed' : resultOf(task));
}

/** Tasks in any mixture. */
export function describeInterleavings(options: Partial<HostOptions> = {}): void {
  let host: TestHost;
  let count = 0;
  beforeAll(async () => {
    host = await startTestHost('plans.ts', options);
  });
  afterAll(() => host.close());

  const run = async (name: string, input: unknown): Promise<unknown> => {
    count += 1;
    const instanceId = `${name}${String(count)}`;
    await host.client('startNew', name, { instanceId, input });
    const { status, output } = await host.finished(instanceId);
    expect(status).toBe('Completed');
    return JSON.parse(output ?? 'null');
  };

  test('each task gets its own result', async () => {
    const plans = fc.array(step, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(plans, async (steps) => {
        const outcomes = z.array(z.unknown()).parse(await run('plan', steps));
        expect(outcomes).toHaveLength(steps.length);
        steps.forEach((planned, index) => {
          expectFits(planned, outcomes[index]);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('a timer of two weeks ends on time, made of shorter ones', async () => {
    expect(await run('twoWeeks', null)).toBe(14 * 86_400_000);
  });
}
