import type { Clock, ClockTimer } from '../../shared/clock.ts';
import { registerLull } from './lull.ts';
import { createTimerQueue } from './timer-queue.ts';

/**
 * Event loop turns without anything new before time may jump: enough for a promise chain, a loopback
 * packet and its answer to be seen. Whatever takes longer must `hold()` the clock.
 */
const QUIET_TURNS = 4;

/** Requests to the operating system that will call back: an answer is on its way, so nothing is idle yet. */
const PENDING_REQUEST =
  /^(FSReq|GetAddrInfo|GetNameInfo|TCPConnect|PipeConnect|WriteWrap|ShutdownWrap|RandomBytes|PBKDF2|KeyPairGen|SignRequest|Zlib)/;

export interface VirtualClock extends Clock {
  /** Resolves once nothing is held and no timer is left. */
  idle(): Promise<void>;
}

/**
 * A clock that stands still while anything is held or the event loop has work, and otherwise jumps to the next
 * timer. Timers fire one by one in the order of their times, equal times in the order they were set, so that a
 * run is exact and repeatable.
 * @param start first value of `now()`, in milliseconds since the epoch
 */
export function createVirtualClock(start: number): VirtualClock {
  const timers = createTimerQueue();
  let now = start;
  const holds = new Set<symbol>();
  /** Holds set aside, by the lull that did it. */
  const lulls = new Set<ReadonlySet<symbol>>();
  /** Counts whatever shows that somebody is at work; the quiet turns start again with each. */
  let activity = 0;
  let pumping = false;
  let idlers: (() => void)[] = [];

  const isHeld = (): boolean => [...holds].some((hold) => ![...lulls].some((setAside) => setAside.has(hold)));

  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    let seen = activity;
    let quiet = 0;
    const turn = (): void => {
      const next = timers.peek();
      // Whoever releases the last hold, or sets a timer, starts the pump again.
      if (next === undefined || (next.at > now && isHeld())) {
        pumping = false;
        if (next === undefined && holds.size === 0)
          idlers.splice(0).forEach((wake) => {
            wake();
          });
        return;
      }
      quiet = seen === activity && !hasPendingRequests() ? quiet + 1 : 0;
      seen = activity;
      // A timer that is already due needs no jump, so it need not wait for silence.
      if (next.at <= now || quiet >= QUIET_TURNS) {
        quiet = 0;
        now = Math.max(now, next.at);
        timers.take()?.callback();
      }
      setImmediate(turn);
    };
    setImmediate(turn);
  };

  const clock: VirtualClock = {
    now: () => now,
    setTimer(at, callback): ClockTimer {
      activity += 1;
      const timer = timers.add(at, callback);
      pump();
      return {
        cancel: () => {
          timers.remove(timer);
        },
      };
    },
    hold() {
      activity += 1;
      const hold = Symbol();
      holds.add(hold);
      return () => {
        if (!holds.delete(hold)) return;
        activity += 1;
        pump();
      };
    },
    idle() {
      return new Promise((resolve) => {
        idlers = [...idlers, resolve];
        pump();
      });
    },
  };
  registerLull(clock, () => {
    const setAside = new Set(holds);
    lulls.add(setAside);
    activity += 1;
    pump();
    return () => {
      lulls.delete(setAside);
    };
  });
  return clock;
}

function hasPendingRequests(): boolean {
  return process.getActiveResourcesInfo().some((resource) => PENDING_REQUEST.test(resource));
}
