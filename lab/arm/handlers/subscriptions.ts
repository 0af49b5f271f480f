import { subscriptionNotFound } from '../errors.ts';
import type { Context } from '../context.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';

const ACTION = 'Microsoft.Resources/subscriptions/read';

/**
 * What a client asks once it has signed in: which tenants and subscriptions there are for it (learn.microsoft.com, REST API, Resource
 * Management: Subscriptions - List, Get; Tenants - List).
 */
export const subscriptionRoutes: Route[] = [
  // Listed by whoever has signed in, by no action of a role.
  { method: 'GET', path: '/subscriptions', action: ACTION, open: true, handle: list },
  { method: 'GET', path: PATHS.subscription, action: ACTION, handle: get },
  { method: 'GET', path: '/tenants', action: 'Microsoft.Resources/tenants/read', handle: listTenants },
];

function list(request: ArmRequest, context: Context): ArmAnswer {
  return page(subscriptionsOf(context).map((id) => subscriptionToWire(id, request)));
}

function get(request: ArmRequest, context: Context): ArmAnswer {
  const id = param(request, 'subscriptionId');
  if (!subscriptionsOf(context).includes(id.toLowerCase())) throw subscriptionNotFound(id);
  return ok(subscriptionToWire(id, request));
}

function listTenants({ principal: { tenantId } }: ArmRequest): ArmAnswer {
  return page([{ id: `/tenants/${tenantId}`, tenantId, tenantCategory: 'Home' }]);
}

/** Those in which there is anything. */
function subscriptionsOf({ store }: Context): string[] {
  const ids = store.resourceGroups.within('/').map(({ id }) => id.split('/')[2] ?? '');
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

function subscriptionToWire(id: string, { principal }: ArmRequest): JsonObject {
  return {
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: id,
    tenantId: principal.tenantId,
    displayName: 'Lab',
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
