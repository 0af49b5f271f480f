import type { Clock } from '../../../shared/clock.ts';
import type { RecordStore, RecordSummary } from '../../../shared/intake/ports.ts';

/** How long a list that was read is shown again, in milliseconds: less than the page lets pass between two calls, so each is new to it. */
const SHARED_FOR = 2000;

/**
 * Records whose whole list is read once for all that the page asks for at the same time: the running ones, a page of all, the counts, and
 * the same of everybody else who looks. It is read by the host that answers, from the store, so with several hosts each is no older than
 * `SHARED_FOR`; what the API gives to programs is always read anew.
 */
export function withSharedList<Records extends Pick<RecordStore, 'list'>>(
  records: Records,
  clock: Clock,
): Records {
  let shared: { readonly list: Promise<RecordSummary[]>; readonly until: number } | undefined;
  const whole = (): Promise<RecordSummary[]> => {
    if (!shared || clock.now() >= shared.until) {
      const list = records.list({ limit: Infinity });
      // Counted from when the reading began: that is how old the list is.
      const mine = { list, until: clock.now() + SHARED_FOR };
      shared = mine;
      list.catch(() => {
        if (shared === mine) shared = undefined;
      });
    }
    return shared.list;
  };
  return {
    ...records,
    list: (filter = {}) =>
      filter.vmId === undefined && filter.outcome === undefined && filter.limit === Infinity
        ? whole()
        : records.list(filter),
  };
}
