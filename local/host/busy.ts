import type { Clock } from '../../shared/clock.ts';

/** Counts what is under way, and holds the clock while it is not nothing. */
export interface Busy {
  /** Says that something began; returns the end of it, safe to call twice. */
  enter: () => () => void;
  /** Resolves once nothing has been under way for one turn of the event loop. */
  idle: () => Promise<void>;
}

/** A virtual clock must not jump while the host works; an idle host lets it go. */
export function createBusy(clock: Clock): Busy {
  let count = 0;
  let release: (() => void) | undefined;
  let waiting: (() => void)[] = [];

  const settle = (): void => {
    if (count > 0) return;
    const wake = waiting;
    waiting = [];
    wake.forEach((resolve) => {
      resolve();
    });
  };

  return {
    enter() {
      count += 1;
      release ??= clock.hold();
      let left = false;
      return () => {
        if (left) return;
        left = true;
        count -= 1;
        if (count > 0) return;
        release?.();
        release = undefined;
        setImmediate(settle);
      };
    },
    idle() {
      return new Promise((resolve) => {
        waiting = [...waiting, resolve];
        setImmediate(settle);
      });
    },
  };
}
