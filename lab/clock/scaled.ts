import { systemClock, type Clock } from '../../shared/clock.ts';

/** The three numbers that make two processes agree about the time. */
export interface ScaledTime {
  /** What the clock shows at `startedAtRealMs`, in milliseconds since the epoch. */
  epoch: number;
  /** The real moment it was started, in milliseconds since the epoch. */
  startedAtRealMs: number;
  /** Seconds that pass on this clock in one real second; more than 0. */
  rate: number;
}

/**
 * A clock that runs `rate` times as fast as real time. Every process given the same three numbers shows the
 * same time, which is how the app and the lab share one.
 * @throws RangeError for a rate that is not a positive number
 */
export function createScaledClock({ epoch, startedAtRealMs, rate }: ScaledTime): Clock {
  if (!Number.isFinite(rate) || rate <= 0)
    throw new RangeError(`A clock cannot run at rate ${String(rate)}.`);
  const now = (): number => Math.floor(epoch + (systemClock.now() - startedAtRealMs) * rate);

  return {
    now,
    setTimer(at, callback) {
      // Rounded up, so that `now()` has reached `at` by the time of the callback.
      const realAt = Math.ceil(startedAtRealMs + (at - epoch) / rate);
      const fire = (): void => {
        // setTimeout may come back a fraction of a millisecond early.
        if (now() < at) timer = systemClock.setTimer(systemClock.now() + 1, fire);
        else callback();
      };
      let timer = systemClock.setTimer(realAt, fire);
      return {
        cancel: () => {
          timer.cancel();
        },
      };
    },
    hold: () => systemClock.hold(),
  };
}
