import * as z from 'zod';

const named = z.union([z.string(), z.looseObject({ value: z.string() }).transform(({ value }) => value)]);

/** An event of the activity log, by `az monitor activity-log list -o json` or by the REST API (Microsoft.Insights, eventtypes/management). */
const eventSchema = z.looseObject({
  correlationId: z.string(),
  eventTimestamp: z.iso.datetime({ offset: true }),
  operationName: named,
  status: named,
  resourceId: z.string().optional(),
  httpRequest: z.looseObject({ method: z.string().optional() }).nullish(),
});
type Event = z.infer<typeof eventSchema>;

const logSchema = z.union([
  z.array(eventSchema),
  z.looseObject({ value: z.array(eventSchema) }).transform(({ value }) => value),
]);

/** Durations of the lab (lab/arm/timings.ts) by what is asked of Azure; those of a PUT and of a PATCH are told apart by the request. */
const DURATIONS: Readonly<Record<string, string>> = {
  'virtualmachines/deallocate/action': 'deallocate',
  'virtualmachines/poweroff/action': 'powerOff',
  'virtualmachines/start/action': 'start',
  'virtualmachines/restart/action': 'restart',
  'virtualmachines/reapply/action': 'reapply',
  'virtualmachines/attachdetachdatadisks/action': 'attachDetach',
  'virtualmachines/delete': 'vmDelete',
  'virtualmachines/runcommands/delete': 'runCommandDelete',
  'snapshots/write': 'snapshot',
  'snapshots/delete': 'snapshotDelete',
  'put disks/write': 'diskCopy',
  'patch disks/write': 'diskUpdate',
  'disks/delete': 'diskDelete',
  'networkinterfaces/write': 'networkWrite',
  'networksecuritygroups/securityrules/write': 'networkWrite',
  'networkinterfaces/delete': 'networkDelete',
  'networksecuritygroups/securityrules/delete': 'networkDelete',
};

/** A duration as it was measured, in seconds. */
export interface Measured {
  readonly median: number;
  /** How many operations ended well. */
  readonly operations: number;
}

/**
 * The usual durations of Azure's operations in an activity log: the median from the first event of each to its success. What failed is left
 * out, and so is whatever the lab has no duration for.
 * @throws ZodError for what is no activity log
 */
export function measureDurations(log: unknown): Record<string, Measured> {
  const seconds = new Map<string, number[]>();
  for (const events of Map.groupBy(logSchema.parse(log), keyOf).values()) {
    const duration = durationOf(events);
    const name = duration === undefined ? undefined : nameOf(events);
    if (name === undefined || duration === undefined) continue;
    seconds.set(name, [...(seconds.get(name) ?? []), duration]);
  }
  return Object.fromEntries(
    [...seconds].map(([name, all]) => [name, { median: medianOf(all), operations: all.length }]),
  );
}

/** One request may begin several operations, of a deployment say. */
function keyOf({ correlationId, operationName, resourceId = '' }: Event): string {
  return `${correlationId} ${operationName} ${resourceId}`.toLowerCase();
}

function durationOf(events: readonly Event[]): number | undefined {
  const moments = events.map(({ eventTimestamp }) => Date.parse(eventTimestamp));
  const succeeded = events.find(({ status }) => status === 'Succeeded');
  const begun = events.some(({ status }) => status === 'Started' || status === 'Accepted');
  if (!succeeded || !begun) return undefined;
  return (Date.parse(succeeded.eventTimestamp) - Math.min(...moments)) / 1000;
}

function nameOf(events: readonly Event[]): string | undefined {
  const action = (events[0]?.operationName ?? '')
    .toLowerCase()
    .replace(/^microsoft\.(compute|network)\//, '');
  const method = events.flatMap(({ httpRequest }) => httpRequest?.method?.toLowerCase() ?? [])[0];
  return DURATIONS[action] ?? DURATIONS[`${method ?? 'put'} ${action}`];
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return Math.round(((low + high) / 2) * 10) / 10;
}
