import type { Clock } from '../../../shared/clock.ts';
import { ArmError } from '../errors.ts';
import type { Method } from '../http.ts';
import type { Principal } from './identity.ts';
import { createTokenBuckets, secondsUntilOne, type Bucket } from './token-bucket.ts';

type Kind = 'reads' | 'writes' | 'deletes';

export type RateLimits = Record<Kind, Bucket>;

/** ARM's published limits for each subscription and principal (learn.microsoft.com, request limits and throttling). */
export const AZURE_RATE_LIMITS: RateLimits = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

export interface RateLimiter {
  /**
   * Takes one call out of the bucket, by the lab's clock.
   * @returns the header that says what is left
   * @throws ArmError 429 SubscriptionRequestsThrottled with Retry-After
   */
  take(method: Method, subscriptionId: string, principal: Principal): Record<string, string>;
}

export function createRateLimiter(clock: Clock, limits: RateLimits): RateLimiter {
  const buckets = createTokenBuckets(clock);

  return {
    take(method, subscriptionId, principal) {
      const kind = kindOf(method);
      const bucket = limits[kind];
      const key = `${subscriptionId} ${principal.objectId} ${kind}`.toLowerCase();
      const level = buckets.level(key, bucket);
      if (level < 1) {
        const seconds = secondsUntilOne(level, bucket);
        throw new ArmError(
          429,
          'SubscriptionRequestsThrottled',
          `Number of '${kind.slice(0, -1)}' requests for subscription '${subscriptionId}' actor '${principal.objectId}' exceeded. Please try again after '${String(seconds)}' seconds.`,
          { headers: { 'Retry-After': String(seconds), 'x-ms-failure-cause': 'gateway' } },
        );
      }
      buckets.take(key, bucket);
      return { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(level - 1)) };
    },
  };
}

function kindOf(method: Method): Kind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
