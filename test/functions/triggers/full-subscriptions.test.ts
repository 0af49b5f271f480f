import { createFullSubscriptions } from '../../../functions/triggers/full-subscriptions.ts';

const PLACES = 2;

/** Subscriptions with so many running remediations, and how often these were counted. */
function subscriptions(running: Record<string, number>) {
  let now = 0;
  let counts = 0;
  const full = createFullSubscriptions({ now: () => now });
  return {
    counts: () => counts,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    running: (subscriptionId: string) =>
      full.running(subscriptionId, PLACES, async () => {
        counts += 1;
        await Promise.resolve();
        const found = running[subscriptionId];
        if (found === undefined) throw new Error('The storage does not answer.');
        return found;
      }),
  };
}

describe('The running remediations of a subscription without a free place', () => {
  it('are counted once in ten seconds, however many messages wait', async () => {
    const app = subscriptions({ a: 2 });
    const together = await Promise.all(Array.from({ length: 100 }, () => app.running('a')));
    expect(new Set(together)).toEqual(new Set([2]));
    app.pass(9);
    expect(await app.running('a')).toBe(2);
    expect(app.counts()).toBe(1);
  });

  it('are known anew ten seconds later', async () => {
    const running = { a: 2 };
    const app = subscriptions(running);
    await app.running('a');
    running.a = 1;
    app.pass(10);
    expect(await app.running('a')).toBe(1);
  });

  it('are none of another subscription', async () => {
    const app = subscriptions({ a: 2, b: 1 });
    expect([await app.running('a'), await app.running('b')]).toEqual([2, 1]);
  });
});

it('The running remediations are counted for each message while there is a place: it may be taken by then', async () => {
  const running = { a: 1 };
  const app = subscriptions(running);
  expect(await app.running('a')).toBe(1);
  running.a = 2;
  expect(await app.running('a')).toBe(2);
});

it('A count that fails is tried again by the next message', async () => {
  const running: Record<string, number> = {};
  const app = subscriptions(running);
  await expect(app.running('a')).rejects.toThrow('does not answer');
  running['a'] = 2;
  expect(await app.running('a')).toBe(2);
});
