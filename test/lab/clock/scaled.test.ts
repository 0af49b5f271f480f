import { createScaledClock } from '../../../lab/clock/scaled.ts';
import { sleep } from '../../../lab/clock/sleep.ts';

const EPOCH = Date.UTC(2026, 0, 1);

describe('scaled clock', () => {
  it('shows its epoch at the moment it was started, and an hour later one real second after', () => {
    const startedAtRealMs = Date.now() - 1000;
    const clock = createScaledClock({ epoch: EPOCH, startedAtRealMs, rate: 3600 });
    expect(clock.now()).toBeGreaterThanOrEqual(EPOCH + 3_600_000);
  });

  it('agrees with another one made from the same three numbers', () => {
    const time = { epoch: EPOCH, startedAtRealMs: Date.now(), rate: 1000 };
    const before = createScaledClock(time).now();
    const between = createScaledClock(time).now();
    const after = createScaledClock(time).now();
    expect(between).toBeGreaterThanOrEqual(before);
    expect(after).toBeGreaterThanOrEqual(between);
  });

  it('has reached the wanted time when a timer fires', async () => {
    const clock = createScaledClock({ epoch: EPOCH, startedAtRealMs: Date.now(), rate: 10_000 });
    const wanted = clock.now() + 60_000;
    await sleep(clock, 60_000);
    expect(clock.now()).toBeGreaterThanOrEqual(wanted);
  });

  it('does not fire a cancelled timer', async () => {
    const clock = createScaledClock({ epoch: EPOCH, startedAtRealMs: Date.now(), rate: 10_000 });
    let fired = false;
    clock
      .setTimer(clock.now() + 1000, () => {
        fired = true;
      })
      .cancel();
    await sleep(clock, 20_000);
    expect(fired).toBe(false);
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses the rate %p', (rate) => {
    expect(() => createScaledClock({ epoch: EPOCH, startedAtRealMs: 0, rate })).toThrow(RangeError);
  });
});
