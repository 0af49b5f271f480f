import * as z from 'zod';
import type { RoleAssignment } from '../access/roles.ts';
import type { Context } from '../context.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';
import { isWithin, nameOf } from '../store/resource-id.ts';
import { readBody } from '../wire.ts';
import { SCOPED_PREFIX } from './authorization.ts';

const PROVIDER = `${SCOPED_PREFIX}/:scope/providers/Microsoft.Authorization`;
const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';

/** Rights of the service's identity, given and taken by whoever has the right to (2022-04-01). */
export const roleAssignmentRoutes: Route[] = [
  { method: 'GET', path: `${PROVIDER}/roleAssignments`, action: `${ASSIGNMENTS}/read`, handle: list },
  {
    method: 'PUT',
    path: `${PROVIDER}/roleAssignments/:name`,
    action: `${ASSIGNMENTS}/write`,
    handle: assign,
  },
  {
    method: 'DELETE',
    path: `${PROVIDER}/roleAssignments/:name`,
    action: `${ASSIGNMENTS}/delete`,
    handle: unassign,
  },
  {
    method: 'PUT',
    path: `${PROVIDER}/roleDefinitions/:name`,
    action: 'Microsoft.Authorization/roleDefinitions/write',
    handle: define,
  },
];

const definitionBodySchema = z.looseObject({
  properties: z.looseObject({
    permissions: z.tuple([
      z.looseObject({ actions: z.array(z.string()), notActions: z.array(z.string()).default([]) }),
    ]),
  }),
});

const assignmentBodySchema = z.looseObject({
  properties: z.looseObject({ roleDefinitionId: z.string().optional() }),
});

/** Assignments at, below and above the scope, as Azure lists them without a filter. */
function list(request: ArmRequest, { roles }: Context): ArmAnswer {
  const scope = param(request, 'scope');
  return page(
    roles.assignments
      .filter((assignment) => isWithin(assignment.scope, scope) || isWithin(scope, assignment.scope))
      .map(toWire),
  );
}

function assign(request: ArmRequest, { roles }: Context): ArmAnswer {
  const { properties } = readBody(assignmentBodySchema, request.body);
  const role = properties.roleDefinitionId && nameOf(properties.roleDefinitionId);
  const assignment: RoleAssignment = {
    name: param(request, 'name'),
    scope: param(request, 'scope'),
    ...(role !== undefined && { role }),
  };
  roles.assign(assignment);
  return { status: 201, body: toWire(assignment) };
}

function unassign(request: ArmRequest, { roles }: Context): ArmAnswer {
  const gone = roles.unassign(param(request, 'name'));
  return gone ? ok(toWire(gone)) : { status: 204 };
}

/** A role beside the one that is deployed with the service. */
function define(request: ArmRequest, { roles }: Context): ArmAnswer {
  const { properties } = readBody(definitionBodySchema, request.body);
  const [{ actions, notActions }] = properties.permissions;
  roles.define({ Actions: actions, NotActions: notActions }, param(request, 'name'));
  return { status: 201, body: request.body };
}

function toWire({ name, scope }: RoleAssignment): JsonObject {
  return {
    id: `${scope}/providers/${ASSIGNMENTS}/${name}`,
    name,
    type: ASSIGNMENTS,
    properties: { scope, principalType: 'ServicePrincipal' },
  };
}
