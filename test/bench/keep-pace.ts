import { setTimeout as realSleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import { QUEUE } from '../../functions/triggers/queue.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import type { VirtualClock } from '../../lab/clock/virtual.ts';

/** In lab time, between two looks at the queue. */
const STEP_MS = 1000;

/**
 * Queues live in real time (`local/host/queue`): a message that waits a minute would come back after hours of a virtual clock that
 * jumps. While messages wait, that clock runs no faster than the real one.
 */
export function keepPace(clock: VirtualClock, storage: string): { end: () => void } {
  const queue = new QueueClient(storage, QUEUE);
  let over = false;
  const run = async (): Promise<void> => {
    let since = { lab: clock.now(), real: Date.now() };
    while (!over) {
      await sleep(clock, STEP_MS);
      const release = clock.hold();
      try {
        const { approximateMessagesCount = 0 } = await queue.getProperties();
        if (approximateMessagesCount === 0) since = { lab: clock.now(), real: Date.now() };
        const ahead = clock.now() - since.lab - (Date.now() - since.real);
        if (ahead > 0) await realSleep(ahead);
      } finally {
        release();
      }
    }
  };
  // A queue that is gone at the end of all is not missed.
  void run().catch(() => undefined);
  return {
    end: () => {
      over = true;
    },
  };
}
