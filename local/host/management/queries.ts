import type { DurableClient } from '../durable/client.ts';
import type { Reply } from '../http/exchange.ts';
import { isFinished, type InstanceFilter } from '../store/instances.ts';
import type { ManagementRequest } from './api.ts';
import { statusOf } from './status.ts';

/** `OrchestrationStatusQueryCondition.PageSize` of the extension. */
const PAGE_SIZE = 100;
const CONTINUATION = 'x-ms-continuation-token';

function filterOf(query: URLSearchParams): Omit<InstanceFilter, 'limit'> {
  const time = (name: string): number | undefined => {
    const value = Date.parse(query.get(name) ?? '');
    return Number.isNaN(value) ? undefined : value;
  };
  const statuses = query.getAll('runtimeStatus').flatMap((value) => value.split(','));
  const known = statuses.filter((status) => status !== '');
  const createdFrom = time('createdTimeFrom');
  const createdTo = time('createdTimeTo');
  return {
    prefix: query.get('instanceIdPrefix') ?? '',
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(known.length > 0 && { statuses: known }),
  };
}

/** One page of instances, in the order of their ids; the rest by the continuation token in the header. */
export function listInstances(client: DurableClient, { request, url }: ManagementRequest): Reply {
  const query = url.searchParams;
  const top = Number(query.get('top') ?? '');
  const limit = Number.isInteger(top) && top > 0 ? top : PAGE_SIZE;
  const token = request.headers[CONTINUATION];
  const after = typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '';
  const found = client.list({ ...filterOf(query), after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last ? Buffer.from(last.id, 'utf8').toString('base64url') : '';
  const showInput = query.get('showInput')?.toLowerCase() !== 'false';
  const statuses = page.map((instance) => statusOf(instance, showInput));
  return { status: 200, json: statuses, headers: { [CONTINUATION]: next } };
}

/** Deletes all finished instances that fit the query; the extension insists on a beginning. */
export function purgeInstances(client: DurableClient, { url }: ManagementRequest): Reply {
  const filter = filterOf(url.searchParams);
  if (filter.createdFrom === undefined)
    return { status: 400, json: "Please provide value for 'createdTimeFrom' parameter." };
  const found = client.list({ ...filter, limit: Number.MAX_SAFE_INTEGER });
  const deleted = found.filter(({ id }) => {
    const before = client.purge(id);
    return before && isFinished(before.status);
  });
  if (deleted.length === 0) return { status: 404 };
  return { status: 200, json: { instancesDeleted: deleted.length } };
}
