import * as z from 'zod';
import type { Context } from '../context.ts';
import { ok, page, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { toJson, type JsonValue } from '../store/json.ts';
import { nameOf } from '../store/resource-id.ts';
import type { ResourceGroup } from '../store/resources.ts';
import { SECONDS } from '../timings.ts';
import { readBody, readOnly, wire } from '../wire.ts';
import { removeVm } from './vm-delete.ts';

const ACTION = 'Microsoft.Resources/subscriptions/resourceGroups';

const bodySchema = wire('ResourceGroup', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  ...readOnly('id', 'name', 'type', 'properties', 'managedBy'),
});

export const resourceGroupRoutes: Route[] = [
  {
    method: 'GET',
    path: PATHS.group,
    action: `${ACTION}/read`,
    handle: (request, { store }) => ok(groupToWire(store.resourceGroups.get(request.target))),
  },
  { method: 'HEAD', path: PATHS.group, action: `${ACTION}/read`, handle: check },
  { method: 'GET', path: `${PATHS.subscription}/resourceGroups`, action: `${ACTION}/read`, handle: list },
  { method: 'PUT', path: PATHS.group, action: `${ACTION}/write`, handle: createOrUpdate },
  { method: 'DELETE', path: PATHS.group, action: `${ACTION}/delete`, handle: remove },
];

function check(request: ArmRequest, { store }: Context): ArmAnswer {
  return { status: store.resourceGroups.find(request.target) ? 204 : 404 };
}

function list(_request: ArmRequest, { store }: Context): ArmAnswer {
  return page(store.resourceGroups.within('/').map(groupToWire));
}

function createOrUpdate(request: ArmRequest, { store }: Context): ArmAnswer {
  const { location, tags } = readBody(bodySchema, request.body);
  const existing = store.resourceGroups.find(request.target);
  const group = store.resourceGroups.put({
    id: existing?.id ?? request.target,
    name: existing?.name ?? nameOf(request.target),
    type: 'Microsoft.Resources/resourceGroups',
    location: existing?.location ?? location,
    ...(tags && { tags }),
    provisioningState: 'Succeeded',
    revision: (existing?.revision ?? 0) + 1,
  });
  return { status: existing ? 200 : 201, body: groupToWire(group) };
}

/** Everything in the group goes with it. */
function remove(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  const group = store.resourceGroups.get(request.target);
  const operation = operations.begin(request, {
    family: 'resources',
    location: group.location,
    exclusive: group.id,
    async work({ pass }) {
      await pass(SECONDS.resourceGroupDelete);
      for (const vm of store.virtualMachines.within(group.id)) await removeVm(context, vm);
      const { resourceGroups, ...tables } = store;
      for (const table of Object.values(tables)) {
        for (const { id } of table.within(group.id)) table.remove(id);
      }
      resourceGroups.remove(group.id);
      return { status: 200 };
    },
  });
  group.provisioningState = 'Deleting';
  return { status: 202, operation };
}

function groupToWire({ id, name, type, location, tags, provisioningState }: ResourceGroup): JsonValue {
  return toJson({ id, name, type, location, tags, properties: { provisioningState } });
}
