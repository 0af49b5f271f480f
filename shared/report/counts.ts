import { outcomeKindSchema, type OutcomeKind } from '../model/record.ts';
import { parseVmId } from '../model/vm-id.ts';

/** What is known of a remediation by the list alone. */
export interface Counted {
  readonly vmId: string;
  readonly outcome?: OutcomeKind | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
}

/** How many ended how; those that none did are left out. */
export type OutcomeCounts = Partial<Record<OutcomeKind, number>>;

export interface Counts {
  readonly running: number;
  readonly outcomes: OutcomeCounts;
  readonly subscriptions: readonly {
    readonly subscriptionId: string;
    readonly running: number;
    readonly outcomes: OutcomeCounts;
  }[];
  /** Each day of the time that was asked for, also one on which none ended, the oldest first. */
  readonly days: readonly { readonly day: string; readonly outcomes: OutcomeCounts }[];
}

const DAY = 86_400_000;

/**
 * Counts remediations by how they ended: all of them, by subscription, and by the day of their end (UTC), within the last days up to
 * now. What runs is counted whenever it began.
 * @param now milliseconds since the epoch
 */
export function countRemediations(all: readonly Counted[], now: number, days: number): Counts {
  const first = dayOf(now - (days - 1) * DAY);
  const running = all.filter(({ endedAt }) => endedAt === undefined);
  const ended = all.filter(({ endedAt }) => endedAt !== undefined && endedAt.slice(0, 10) >= first);
  const subscriptions = [...new Set([...running, ...ended].map(subscriptionOf))].sort();
  const of = (list: readonly Counted[], subscriptionId: string): Counted[] =>
    list.filter((one) => subscriptionOf(one) === subscriptionId);
  return {
    running: running.length,
    outcomes: outcomesOf(ended),
    subscriptions: subscriptions.map((subscriptionId) => ({
      subscriptionId,
      running: of(running, subscriptionId).length,
      outcomes: outcomesOf(of(ended, subscriptionId)),
    })),
    days: Array.from({ length: days }, (_, index) => {
      const day = dayOf(now - (days - 1 - index) * DAY);
      return { day, outcomes: outcomesOf(ended.filter((one) => lastDayOf(one, now) === day)) };
    }),
  };
}

function outcomesOf(ended: readonly Counted[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const kind of outcomeKindSchema.options) {
    const count = ended.filter(({ outcome }) => outcome === kind).length;
    if (count > 0) counts[kind] = count;
  }
  return counts;
}

function subscriptionOf({ vmId }: Counted): string {
  return parseVmId(vmId)?.subscriptionId ?? '';
}

/** What ended by the clock of another host, which is ahead at midnight, ended today. */
function lastDayOf({ endedAt = '' }: Counted, now: number): string {
  const [day, today] = [endedAt.slice(0, 10), dayOf(now)];
  return day > today ? today : day;
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
