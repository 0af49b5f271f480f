/** A timer waiting in a queue. */
interface QueuedTimer {
  readonly at: number;
  readonly rank: number;
  readonly callback: () => void;
}

/** Timers ordered by time, equal times by rank, and equal ranks in the order they were added. */
export interface TimerQueue {
  add(timer: QueuedTimer): QueuedTimer;
  /** Does nothing when the timer has been taken or removed already. */
  remove(timer: QueuedTimer): void;
  peek(): QueuedTimer | undefined;
  take(): QueuedTimer | undefined;
}

/** Keeps the timers in a sorted array: binary insertion is quick enough for the thousands a storm of VMs sets. */
export function createTimerQueue(): TimerQueue {
  const timers: QueuedTimer[] = [];

  /** Where a timer of that time belongs: behind all others of the same time and rank. */
  const position = ({ at, rank }: QueuedTimer): number => {
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = timers[middle];
      if (other && (other.at < at || (other.at === at && other.rank <= rank))) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(timer) {
      timers.splice(position(timer), 0, timer);
      return timer;
    },
    remove(timer) {
      const index = timers.indexOf(timer);
      if (index >= 0) timers.splice(index, 1);
    },
    peek: () => timers[0],
    take: () => timers.shift(),
  };
}
