import type { Activity } from '../../lab/arm/activity/activity-log.ts';

/** An operation of Azure on the way, in seconds of lab time. */
export interface Link {
  readonly what: string;
  /** Since the beginning. */
  readonly begun: number;
  readonly took: number;
  /** Until the next one of the chain began, or the end: our own looking and waiting. */
  readonly idle: number;
}

/** The operations that followed one another, each begun after the one before had ended; whatever ran beside them is left out. */
export function chainOf(activity: readonly Activity[], from: number, to: number): Link[] {
  const links: Link[] = [];
  let next = to;
  for (;;) {
    const last = lastBefore(activity, from, next);
    if (!last) return links;
    links.unshift({
      what: wordsOf(last),
      begun: (last.at - from) / 1000,
      took: (last.endedAt - last.at) / 1000,
      idle: (next - last.endedAt) / 1000,
    });
    next = last.at;
  }
}

type Ended = Activity & { endedAt: number };

/** The one that ended last before a moment; of several, the longest. */
function lastBefore(activity: readonly Activity[], from: number, moment: number): Ended | undefined {
  return activity
    .filter((one): one is Ended => one.endedAt !== undefined)
    .filter(({ at, endedAt }) => at >= from && endedAt <= moment && endedAt > at)
    .sort((one, other) => other.endedAt - one.endedAt || one.at - other.at)[0];
}

function wordsOf({ action, method, resource }: Activity): string {
  const [type = '', verb = ''] = action.split('/').slice(-2);
  const name = resource
    .slice(resource.lastIndexOf('/') + 1)
    .replace(/^rdp-medic-[0-9a-f]+-\S*?-(?=[a-z]+(-[a-z0-9]+)*$)/, '');
  return verb === 'action' ? `${type} ${name}` : `${method} ${type} ${name}`;
}
