import type { Clock } from '../../shared/clock.ts';

const views = new WeakMap<Clock, Clock>();

/** Told by a virtual clock which view of it is behind. */
export function registerBehind(clock: Clock, view: Clock): void {
  views.set(clock, view);
}

/**
 * The same clock for whoever looks at a world that moves by itself: its timers fire behind all those of the world that are due in the same
 * millisecond. A look at the very moment at which an operation ends sees that it has ended, at every run. Other clocks than a virtual one,
 * on which nothing happens in the same moment, stay as they are.
 */
export function behind(clock: Clock): Clock {
  return views.get(clock) ?? clock;
}
