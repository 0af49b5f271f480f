import * as z from 'zod';
import type { Context } from '../context.ts';
import { resourceNotFound } from '../errors.ts';
import { ok, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import { sameId } from '../store/resource-id.ts';
import type { Resource } from '../store/resources.ts';
import { allResources, touch } from '../store/store.ts';
import { readBody } from '../wire.ts';
import { SCOPED_PREFIX } from './authorization.ts';

/**
 * Tags of any resource by the Tags API (2021-04-01, Tags_UpdateAtScope): it changes nothing else, and needs no right on
 * the resource itself. Whether it waits for an operation on the resource is not documented: here it does not.
 */
export const tagRoutes: Route[] = (['GET', 'PATCH'] as const).map((method) => ({
  method,
  path: `${SCOPED_PREFIX}/:scope/providers/Microsoft.Resources/tags/default`,
  action: `Microsoft.Resources/tags/${method === 'GET' ? 'read' : 'write'}`,
  handle: (request, context) =>
    method === 'GET' ? answer(find(request, context)) : update(request, context),
}));

const bodySchema = z.object({
  operation: z.enum(['Merge', 'Replace', 'Delete']),
  properties: z.object({ tags: z.record(z.string(), z.string()).default({}) }),
});

function update(request: ArmRequest, context: Context): ArmAnswer {
  const resource = find(request, context);
  const { operation, properties } = readBody(bodySchema, request.body);
  const before = operation === 'Replace' ? {} : (resource.tags ?? {});
  resource.tags =
    operation === 'Delete'
      ? Object.fromEntries(Object.entries(before).filter(([name]) => !(name in properties.tags)))
      : { ...before, ...properties.tags };
  touch(resource);
  return answer(resource);
}

function find(request: ArmRequest, { store }: Context): Resource {
  const scope = param(request, 'scope');
  const found = store.resourceGroups.find(scope) ?? allResources(store).find(({ id }) => sameId(id, scope));
  if (!found) throw resourceNotFound('', scope, '');
  return found;
}

function answer({ id, tags = {} }: Resource): ArmAnswer {
  return ok({
    id: `${id}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags },
  });
}
