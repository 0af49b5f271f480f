import type { Clock, ClockTimer } from '../../shared/clock.ts';
import { registerBehind } from './behind.ts';
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

/** Timers that were due when they were set; those of the clock itself; those of the view of it that is behind (`behind.ts`). */
const RANK = { due: 0, first: 1, behind: 2 } as const;

/**
 * A clock that stands still while anything is held or the event loop has work, and otherwise jumps to the next
 * timer. Timers fire one by one in the order of their times, equal times by rank and then in the order they were set, each once all is
 * silent that the one before it began: a run is exact and repeatable, however the answers of the operating system come in.
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
      // One that was due when it was set needs no jump: whoever holds the clock may wait for it.
      const isDue = next?.rank === RANK.due;
      // Whoever releases the last hold, or sets a timer, starts the pump again.
      if (next === undefined || (!isDue && isHeld())) {
        pumping = false;
        if (next === undefined && holds.size === 0)
          idlers.splice(0).forEach((wake) => {
            wake();
          });
        return;
      }
      quiet = seen === activity ? quiet + 1 : 0;
      seen = activity;
      // With a thousand VMs there are thousands of sockets to look through: only at the end of the silence, and at its middle.
      if ((quiet === QUIET_TURNS || quiet === QUIET_TURNS / 2) && hasPendingRequests()) quiet = 0;
      if (isDue || quiet >= QUIET_TURNS) {
        quiet = 0;
        now = Math.max(now, next.at);
        timers.take()?.callback();
      }
      setImmediate(turn);
    };
    setImmediate(turn);
  };

  const setTimer = (at: number, callback: () => void, rank: number): ClockTimer => {
    activity += 1;
    const timer = timers.add({ at, rank: at <= now ? RANK.due : rank, callback });
    pump();
    return {
      cancel: () => {
        timers.remove(timer);
      },
    };
  };

  const clock: VirtualClock = {
    now: () => now,
    setTimer: (at, callback) => setTimer(at, callback, RANK.first),
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
  registerBehind(clock, {
    ...clock,
    setTimer: (at, callback) => setTimer(at, callback, RANK.behind),
  });
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
