import type { Clock } from '../../shared/clock.ts';

const lulls = new WeakMap<Clock, () => () => void>();

/** Told by a virtual clock how its holds are set aside; what is given back ends that. */
export function registerLull(clock: Clock, begin: () => () => void): void {
  lulls.set(clock, begin);
}

/**
 * Waits for something that takes lab time, while the caller of it holds the clock and cannot let go before the answer
 * comes: what holds the clock at this moment is set aside, holds that come later count. Nothing more than waiting with a
 * clock that runs by itself.
 */
export async function duringLull(clock: Clock, wait: () => Promise<void>): Promise<void> {
  const end = lulls.get(clock)?.();
  try {
    await wait();
  } finally {
    end?.();
  }
}
