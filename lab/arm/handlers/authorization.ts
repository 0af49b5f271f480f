import { z } from 'zod';
import { denyAssignmentId } from '../access/deny-assignments.ts';
import { addLock } from '../build/scopes.ts';
import type { Context } from '../context.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';
import { isWithin } from '../store/resource-id.ts';
import type { Lock } from '../store/resources.ts';
import { readBody, readOnly, wire } from '../wire.ts';

/** What hangs below any scope: the router puts the scope into a parameter (`router.ts`). */
export const SCOPED_PREFIX = '/at';

const PROVIDER = `${SCOPED_PREFIX}/:scope/providers/Microsoft.Authorization`;

/** Locks and permissions; locks are written by others only. */
export const authorizationRoutes: Route[] = [
  {
    method: 'GET',
    path: `${PROVIDER}/locks`,
    action: 'Microsoft.Authorization/locks/read',
    handle: listLocks,
  },
  {
    method: 'PUT',
    path: `${PROVIDER}/locks/:name`,
    action: 'Microsoft.Authorization/locks/write',
    handle: putLock,
  },
  {
    method: 'DELETE',
    path: `${PROVIDER}/locks/:name`,
    action: 'Microsoft.Authorization/locks/delete',
    handle: removeLock,
  },
  {
    method: 'GET',
    path: `${PROVIDER}/permissions`,
    action: 'Microsoft.Authorization/permissions/read',
    handle: listPermissions,
  },
  {
    method: 'GET',
    path: `${PROVIDER}/denyAssignments`,
    action: 'Microsoft.Authorization/denyAssignments/read',
    handle: listDenyAssignments,
  },
];

const lockBodySchema = wire('ManagementLockObject', {
  ...readOnly('id', 'name', 'type', 'systemData'),
  properties: z.looseObject({ level: z.enum(['ReadOnly', 'CanNotDelete']), notes: z.string().optional() }),
});

/**
 * Locks at a scope and below it. A list at a resource leaves out those of its group: whether Azure shows them is not
 * documented, and a client that relied upon it would miss some.
 */
function listLocks(request: ArmRequest, { store }: Context): ArmAnswer {
  const scope = param(request, 'scope');
  const atScope = request.query.get('$filter')?.toLowerCase() === 'atscope()';
  const locks = store.locks
    .within('/')
    .filter((lock) => isWithin(lock.scope, scope) && (!atScope || isWithin(scope, lock.scope)));
  return page(locks.map(lockToWire));
}

function putLock(request: ArmRequest, context: Context): ArmAnswer {
  const scope = param(request, 'scope');
  const name = param(request, 'name');
  const { properties } = readBody(lockBodySchema, request.body);
  const existing = context.store.locks.find(lockId(scope, name));
  const lock = addLock(context, scope, name, properties.level);
  if (properties.notes !== undefined) lock.notes = properties.notes;
  return { status: existing ? 200 : 201, body: lockToWire(lock) };
}

function removeLock(request: ArmRequest, { store }: Context): ArmAnswer {
  const lock = store.locks.find(lockId(param(request, 'scope'), param(request, 'name')));
  if (!lock) return { status: 204 };
  store.locks.remove(lock.id);
  return { status: 200 };
}

function lockId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/locks/${name}`;
}

function lockToWire({ id, name, type, level, notes }: Lock): JsonObject {
  return { id, name, type, properties: { level, ...(notes !== undefined && { notes }) } };
}

/** The one role of the one identity, where it is assigned. */
function listPermissions(request: ArmRequest, { roles }: Context): ArmAnswer {
  const { Actions, NotActions, DataActions, NotDataActions } = roles.definition;
  if (!roles.assignments.some(({ scope }) => isWithin(param(request, 'scope'), scope)))
    return ok({ value: [] });
  return page([
    { actions: Actions, notActions: NotActions, dataActions: DataActions, notDataActions: NotDataActions },
  ]);
}

/** With `atScope()` those at the scope and above it (learn.microsoft.com, rest/api/authorization/deny-assignments/list-for-scope). */
function listDenyAssignments(request: ArmRequest, { denyAssignments }: Context): ArmAnswer {
  const scope = param(request, 'scope');
  const atScope = request.query.get('$filter')?.toLowerCase() === 'atscope()';
  return page(
    denyAssignments
      .filter((one) => isWithin(scope, one.scope) || (!atScope && isWithin(one.scope, scope)))
      .map((one) => ({
        id: denyAssignmentId(one),
        name: one.name,
        type: 'Microsoft.Authorization/denyAssignments',
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
      })),
  );
}
