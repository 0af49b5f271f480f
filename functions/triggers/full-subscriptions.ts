import type { Clock } from '../../shared/clock.ts';

/** How long a subscription without a free place is believed to be so. */
const BELIEVED_MS = 10_000;

/** Subscriptions all of whose places were taken a moment ago. */
export interface FullSubscriptions {
  /**
   * How many remediations are running in a subscription: counted, unless that was done within ten seconds and left no place of `places`
   * free. Free places are never remembered: whoever asked may have taken them.
   */
  running: (subscriptionId: string, places: number, count: () => Promise<number>) => Promise<number>;
}

/**
 * Hundreds of messages that wait for a place come back each minute, and each would ask for the holders of all of them: one asks, and
 * answers for the others.
 */
export function createFullSubscriptions(clock: Pick<Clock, 'now'>): FullSubscriptions {
  const counted = new Map<string, { readonly until: number; readonly running: Promise<number> }>();
  return {
    async running(subscriptionId, places, count) {
      const known = counted.get(subscriptionId);
      if (known && known.until > clock.now()) return known.running;
      const counting = count();
      counted.set(subscriptionId, { until: clock.now() + BELIEVED_MS, running: counting });
      const forget = (): boolean => counted.delete(subscriptionId);
      try {
        const running = await counting;
        if (running < places) forget();
        return running;
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}
