import { eventsToWire } from '../activity/event-wire.ts';
import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { page, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { groupOf, idKey, nameOf } from '../store/resource-id.ts';
import type { JsonObject } from '../store/json.ts';
import type { Activity } from '../activity/activity-log.ts';

export const activityLogRoutes: Route[] = [
  {
    method: 'GET',
    path: `${PATHS.subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
    action: 'Microsoft.Insights/eventtypes/values/read',
    scope: scopeOfFilter,
    handle: list,
  },
];

/**
 * The patterns of `$filter`; 'no other syntax is allowed' (Microsoft.Insights 2015-04-01, ActivityLogs_List). By its page
 * (rest-activity-log) the filter is required, and a start in it.
 */
const FILTER =
  /^eventTimestamp ge '(?<from>[^']+)'(?: and eventTimestamp le '(?<to>[^']+)')?(?: and (?<by>resourceGroupName|resourceUri|resourceProvider|correlationId) eq '?(?<value>[^']+?)'?)?$/i;

/** What the filter narrows it to is what must be readable: the portal shows the log of a group to its readers by this very call. */
function scopeOfFilter({ target, query }: ArmRequest): string {
  const { by, value = '' } = FILTER.exec(query.get('$filter')?.trim() ?? '')?.groups ?? {};
  if (by?.toLowerCase() === 'resourcegroupname') return `${target}/resourceGroups/${value}`;
  return by?.toLowerCase() === 'resourceuri' ? value : target;
}

/** Newest first; what happened in the last minutes is not there yet. */
function list(request: ArmRequest, { activity, clock, behaviour }: Context): ArmAnswer {
  const { from, to, by, value = '' } = FILTER.exec(request.query.get('$filter')?.trim() ?? '')?.groups ?? {};
  const earliest = Date.parse(from ?? '');
  const latest = to === undefined ? Infinity : Date.parse(to);
  if (Number.isNaN(earliest) || Number.isNaN(latest))
    throw new ArmError(
      400,
      'BadRequest',
      'The $filter of an activity log query must name at least a start time.',
    );
  const select = request.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const events = activity
    .all()
    .filter((one) => by === undefined || MATCHES[by.toLowerCase()]?.(one, value) === true)
    .flatMap((one) => eventsToWire(one, request.principal.tenantId, behaviour.activityLogDelaySeconds))
    .filter(({ at, readableFrom }) => at >= earliest && at <= latest && readableFrom <= clock.now())
    // Of one moment the later event first, as the sort leaves them.
    .toReversed()
    .sort((one, other) => other.at - one.at);
  return page(events.map(({ event }) => (select ? only(event, select) : event)));
}

const MATCHES: Record<string, (activity: Activity, value: string) => boolean> = {
  resourcegroupname: ({ resource }, value) => nameOf(groupOf(resource)).toLowerCase() === value.toLowerCase(),
  resourceuri: ({ resource }, value) => idKey(resource) === idKey(value),
  resourceprovider: ({ action }, value) => action.toLowerCase().startsWith(`${value.toLowerCase()}/`),
  correlationid: ({ correlationId }, value) => correlationId === value.toLowerCase(),
};

function only(event: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name)));
}
