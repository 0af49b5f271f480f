/** A timer that has not fired yet. */
export interface ClockTimer {
  cancel(): void;
}

/**
 * The one source of time for whatever is not an orchestrator (those use `currentUtcDateTime`).
 * The app runs on `systemClock`; the embedded host and the lab are given one together, which may
 * run faster than real time or jump (see `lab/clock/`).
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once `now()` has reached `at` (milliseconds since the epoch). */
  setTimer(at: number, callback: () => void): ClockTimer;
  /**
   * Says that work is going on outside the clock's timers (a request in flight, a script running):
   * a virtual clock does not jump while anything is held. Returns the release, safe to call twice.
   */
  hold(): () => void;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, callback) {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const left = at - Date.now();
      // setTimeout wraps beyond 2^31-1 ms (about 24 days): wait in stages.
      handle =
        left > LONGEST_TIMEOUT ? setTimeout(arm, LONGEST_TIMEOUT) : setTimeout(callback, Math.max(0, left));
    };
    arm();
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
  hold: () => () => undefined,
};
