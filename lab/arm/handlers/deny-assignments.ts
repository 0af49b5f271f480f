import * as z from 'zod';
import { denyAssignmentId, type DenyAssignment } from '../access/deny-assignments.ts';
import type { Context } from '../context.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';
import { isWithin, sameId } from '../store/resource-id.ts';
import { readBody } from '../wire.ts';
import { SCOPED_PREFIX } from './authorization.ts';

const PROVIDER = `${SCOPED_PREFIX}/:scope/providers/Microsoft.Authorization`;
const TYPE = 'Microsoft.Authorization/denyAssignments';

/** Written by others only: by Azure itself, for deployment stacks and managed applications. */
export const denyAssignmentRoutes: Route[] = [
  { method: 'GET', path: `${PROVIDER}/denyAssignments`, action: `${TYPE}/read`, handle: list },
  { method: 'PUT', path: `${PROVIDER}/denyAssignments/:name`, action: `${TYPE}/write`, handle: put },
  { method: 'DELETE', path: `${PROVIDER}/denyAssignments/:name`, action: `${TYPE}/delete`, handle: remove },
];

const bodySchema = z.looseObject({
  properties: z.looseObject({
    permissions: z.tuple([
      z.looseObject({ actions: z.array(z.string()), notActions: z.array(z.string()).default([]) }),
    ]),
  }),
});

/** With `atScope()` those at the scope and above it (learn.microsoft.com, rest/api/authorization/deny-assignments/list-for-scope). */
function list(request: ArmRequest, { denyAssignments }: Context): ArmAnswer {
  const scope = param(request, 'scope');
  const atScope = request.query.get('$filter')?.toLowerCase() === 'atscope()';
  return page(
    denyAssignments
      .filter((one) => isWithin(scope, one.scope) || (!atScope && isWithin(one.scope, scope)))
      .map(toWire),
  );
}

function put(request: ArmRequest, context: Context): ArmAnswer {
  const { properties } = readBody(bodySchema, request.body);
  const [{ actions, notActions }] = properties.permissions;
  const one = { name: param(request, 'name'), scope: param(request, 'scope'), actions, notActions };
  take(context, denyAssignmentId(one));
  context.denyAssignments.push(one);
  return { status: 201, body: toWire(one) };
}

function remove(request: ArmRequest, context: Context): ArmAnswer {
  const gone = take(
    context,
    denyAssignmentId({ name: param(request, 'name'), scope: param(request, 'scope') }),
  );
  return gone ? ok(toWire(gone)) : { status: 204 };
}

function take({ denyAssignments }: Context, id: string): DenyAssignment | undefined {
  const index = denyAssignments.findIndex((one) => sameId(denyAssignmentId(one), id));
  return index < 0 ? undefined : denyAssignments.splice(index, 1)[0];
}

function toWire(one: DenyAssignment): JsonObject {
  return {
    id: denyAssignmentId(one),
    name: one.name,
    type: TYPE,
    properties: {
      denyAssignmentName: one.name,
      permissions: [
        {
          actions: [...one.actions],
          notActions: [...(one.notActions ?? [])],
          dataActions: [],
          notDataActions: [],
        },
      ],
      scope: one.scope,
      doNotApplyToChildScopes: false,
      principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
      excludePrincipals: (one.excludes ?? []).map((id) => ({ id, type: 'ServicePrincipal' })),
      isSystemProtected: true,
    },
  };
}
