import { STATUS_CODES } from 'node:http';
import { groupOf, nameOf, parseResourceId } from '../store/resource-id.ts';
import { toJson, type JsonObject, type JsonValue } from '../store/json.ts';
import type { Activity } from './activity-log.ts';

/** One event of an activity: begun, accepted or ended. */
interface Moment {
  name: 'BeginRequest' | 'EndRequest';
  status: Activity['status'];
  /** Milliseconds since the epoch. */
  at: number;
}

/** The events of an activity so far, oldest first: an operation that takes time leaves three, another change two. */
function momentsOf({ at, acceptedAt, endedAt, status }: Activity): Moment[] {
  return [
    { name: 'BeginRequest', status: 'Started', at },
    ...(acceptedAt === undefined
      ? []
      : [{ name: 'EndRequest' as const, status: 'Accepted' as const, at: acceptedAt }]),
    ...(endedAt === undefined ? [] : [{ name: 'EndRequest' as const, status, at: endedAt }]),
  ];
}

/** Members as in the example `GetActivityLogsFiltered` of Microsoft.Insights 2015-04-01. */
export function eventsToWire(
  activity: Activity,
  tenantId: string,
  delaySeconds: number,
): { at: number; readableFrom: number; event: JsonObject }[] {
  return momentsOf(activity).map((moment, index) => {
    const readableFrom = moment.at + delaySeconds * 1000;
    return { at: moment.at, readableFrom, event: toEvent(activity, moment, index, tenantId, readableFrom) };
  });
}

function toEvent(
  activity: Activity,
  { name, status, at }: Moment,
  index: number,
  tenantId: string,
  readableFrom: number,
): JsonObject {
  const { correlationId, caller, method, action, resource, httpStatus, errorCode } = activity;
  // Each event has an id of its own, the activity's with another end.
  const eventDataId = `${correlationId.slice(0, -1)}${String(index)}`;
  const isPerson = caller.includes('@');
  const ended = status === 'Succeeded' || status === 'Failed';
  return {
    authorization: { action, role: isPerson ? 'Owner' : 'Contributor', scope: resource },
    caller,
    claims: {
      aud: 'https://management.core.windows.net/',
      ...(isPerson && {
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': caller,
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': caller,
      }),
      ...(!isPerson && { 'http://schemas.microsoft.com/identity/claims/objectidentifier': caller }),
    },
    channels: 'Operation',
    correlationId,
    description: '',
    eventDataId,
    eventName: localizable(name, name === 'BeginRequest' ? 'Begin request' : 'End request'),
    category: localizable('Administrative'),
    httpRequest: { clientRequestId: correlationId, clientIpAddress: '198.51.100.20', method },
    id: `${resource}/events/${eventDataId}/ticks/${ticks(at)}`,
    level: status === 'Failed' ? 'Error' : 'Informational',
    resourceGroupName: /\/resourceGroups\//i.test(resource) ? nameOf(groupOf(resource)) : '',
    resourceProviderName: localizable(action.split('/')[0] ?? ''),
    resourceId: resource,
    resourceType: localizable(parseResourceId(resource)?.type ?? 'Microsoft.Resources/subscriptions'),
    operationId: correlationId,
    operationName: localizable(action),
    properties: toJson({
      ...(ended && { statusCode: (STATUS_CODES[httpStatus] ?? '').replaceAll(' ', '') }),
      ...(status === 'Failed' &&
        errorCode !== undefined && { statusMessage: JSON.stringify({ error: { code: errorCode } }) }),
    }),
    status: localizable(status),
    subStatus:
      name === 'BeginRequest' || httpStatus === 0
        ? localizable('', '')
        : localizable(
            (STATUS_CODES[httpStatus] ?? '').replaceAll(' ', ''),
            `${STATUS_CODES[httpStatus] ?? ''} (HTTP Status Code: ${String(httpStatus)})`,
          ),
    eventTimestamp: iso(at),
    submissionTimestamp: iso(readableFrom),
    subscriptionId: /^\/subscriptions\/([^/]+)/i.exec(resource)?.[1] ?? '',
    tenantId,
  };
}

function localizable(value: string, localizedValue = value): JsonValue {
  return { value, localizedValue };
}

/** With the seven digits of .NET. */
function iso(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}

/** Hundreds of nanoseconds since the year 1, as .NET counts. */
function ticks(at: number): string {
  return String(BigInt(at) * 10_000n + 621_355_968_000_000_000n);
}
