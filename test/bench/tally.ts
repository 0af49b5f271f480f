/** Calls to the lab by subscription and kind, granted and refused; the lab's own log keeps the newest alone. */
export interface Tally {
  /** Takes a line of the lab's log. */
  readonly count: (line: string) => void;
  /** Granted calls of a kind of ARM's buckets. */
  readonly granted: (subscription: string, kind: CallKind) => number;
  readonly throttled: () => number;
  readonly total: () => number;
}

type CallKind = 'reads' | 'writes' | 'deletes';

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
