import { AZURE_RATE_LIMITS } from '../../lab/arm/access/rate-limit.ts';

/** Calls to the lab by subscription and kind, granted and refused; the lab's own log keeps the newest alone. */
export interface Tally {
  /** Takes a line of the lab's log. */
  readonly count: (line: string) => void;
  /** Granted calls of a kind of ARM's buckets. */
  readonly granted: (subscription: string, kind: CallKind) => number;
  readonly throttled: () => number;
  readonly total: () => number;
}

export const CALL_KINDS = ['reads', 'writes', 'deletes'] as const;
type CallKind = (typeof CALL_KINDS)[number];

/** How long the granted calls of a kind take, at least, through the bucket of the busiest subscription, in seconds. */
export function forcedByBucket(
  tally: Pick<Tally, 'granted'>,
  subscriptions: readonly string[],
  kind: CallKind,
): number {
  const { size, perSecond } = AZURE_RATE_LIMITS[kind];
  return Math.max(...subscriptions.map((id) => (tally.granted(id, kind) - size) / perSecond));
}

export function createTally(): Tally {
  const granted = new Map<string, number>();
  let throttled = 0;
  let total = 0;
  return {
    count(line) {
      const [, method = '', path = '', status = ''] = line.split(' ');
      total += 1;
      if (status === '429') {
        throttled += 1;
        return;
      }
      const key = `${path.split('/')[2] ?? ''} ${kindOf(method)}`;
      granted.set(key, (granted.get(key) ?? 0) + 1);
    },
    granted: (subscription, kind) => granted.get(`${subscription} ${kind}`) ?? 0,
    throttled: () => throttled,
    total: () => total,
  };
}

function kindOf(method: string): CallKind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
