import type { Clock } from '../../shared/clock.ts';

/** Resolves once `milliseconds` have passed on the clock. */
export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(clock.now() + milliseconds, resolve);
  });
}
