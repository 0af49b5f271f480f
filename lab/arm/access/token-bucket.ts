import type { Clock } from '../../../shared/clock.ts';

/** A token bucket: how many calls it holds and how many come back each second. */
export interface Bucket {
  size: number;
  perSecond: number;
}

/** Buckets by name, each full when it is first asked for. */
export interface TokenBuckets {
  /** How many calls a bucket holds by the lab's clock. */
  level(key: string, bucket: Bucket): number;
  /** Takes one call out of it. */
  take(key: string, bucket: Bucket): void;
}

export function createTokenBuckets(clock: Clock): TokenBuckets {
  const levels = new Map<string, { level: number; at: number }>();
  const level = (key: string, { size, perSecond }: Bucket): number => {
    const last = levels.get(key) ?? { level: size, at: clock.now() };
    return Math.min(size, last.level + ((clock.now() - last.at) / 1000) * perSecond);
  };
  return {
    level,
    take(key, bucket) {
      levels.set(key, { level: level(key, bucket) - 1, at: clock.now() });
    },
  };
}

/** Whole seconds until a bucket of that level holds a call again, as `Retry-After` tells them. */
export function secondsUntilOne(level: number, { perSecond }: Bucket): number {
  return Math.max(1, Math.ceil((1 - level) / perSecond));
}
