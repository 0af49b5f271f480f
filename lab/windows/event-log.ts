import type { EventQuery, EventView } from './machine/system-api.ts';
import { eventText, statusText, type Status } from './messages.ts';

/** An event to be written; its text is Windows' own, in its language. */
interface NewEvent extends Omit<EventView, 'time' | 'message'> {
  /** What the text tells beyond the event itself: a status, or words of the event's own. */
  detail?: { status: Status } | { text: string };
}

/** The event logs of a guest. They outlive restarts; a swap of the OS disk does not bring other ones (see README). */
export interface EventLog {
  write(event: NewEvent): void;
  query(query: EventQuery): EventView[];
  /** Notes that logons are (or are no longer) being tried from these addresses. */
  attack(sources: readonly string[]): void;
}

const KEEP = 512;
const DEFAULT_MAX = 256;
const ATTACK_EVERY_MS = 1_100;
/** An attack that is there when the lab begins has been going on for so long. */
const ATTACK_BEFORE_MS = 3 * 3_600_000;

interface AttackPeriod {
  sources: readonly string[];
  from: number;
  /** `undefined` while it goes on. */
  to: number | undefined;
}

export function createEventLog(now: () => number, culture: () => string): EventLog {
  const events: EventView[] = [];
  const attacks: AttackPeriod[] = [];

  return {
    write({ detail, ...event }) {
      const words = detail && ('status' in detail ? statusText(detail.status, culture()) : detail.text);
      events.push({ ...event, time: now(), message: eventText(event.id, culture(), words) });
      if (events.length > KEEP) events.splice(0, events.length - KEEP);
    },
    attack(sources) {
      const current = attacks.findLast((period) => period.to === undefined);
      if (sources.length === 0) {
        if (current) current.to = now();
      } else if (!current) {
        const from = attacks.length === 0 ? now() - ATTACK_BEFORE_MS : now();
        attacks.push({ sources: [...sources], from, to: undefined });
      }
    },
    query({ log, ids, provider, since = 0, max = DEFAULT_MAX }) {
      const written = events.filter((event) => event.log === log);
      const failed = log === 'Security' ? failedLogons(attacks, since, max, now(), culture()) : [];
      return [...written, ...failed]
        .filter(
          (event) =>
            event.time >= since &&
            (ids?.includes(event.id) ?? true) &&
            (provider === undefined || event.provider === provider),
        )
        .toSorted((a, b) => b.time - a.time)
        .slice(0, max);
    },
  };
}

/** 4625 about every second, newest first; with NLA the type is 3, and some carry no address. */
function failedLogons(
  attacks: readonly AttackPeriod[],
  since: number,
  max: number,
  now: number,
  culture: string,
): EventView[] {
  const logons: EventView[] = [];
  for (const { sources, from, to } of attacks.toReversed()) {
    for (
      let time = to ?? now;
      time >= Math.max(from, since) && logons.length < max;
      time -= ATTACK_EVERY_MS
    ) {
      const nth = logons.length;
      logons.push({
        log: 'Security',
        id: 4625,
        provider: 'Microsoft-Windows-Security-Auditing',
        level: 'audit-failure',
        time,
        message: eventText(4625, culture),
        data: {
          LogonType: '3',
          Status: '0xc000006d',
          TargetUserName: ['administrator', 'admin', 'user', 'test'][nth % 4] ?? 'admin',
          WorkstationName: `WIN-${String(nth % 3)}`,
          IpAddress: nth % 5 === 4 ? '-' : (sources[nth % sources.length] ?? '-'),
        },
      });
    }
  }
  return logons;
}
