import * as z from 'zod';
import { addLock } from '../build/scopes.ts';
import type { Context } from '../context.ts';
import { page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
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

/** Of each role of the one identity that reaches the scope. */
function listPermissions(request: ArmRequest, { roles }: Context): ArmAnswer {
  const { DataActions, NotDataActions } = roles.definition;
  return page(
    roles.assignments
      .filter(({ scope }) => isWithin(param(request, 'scope'), scope))
      .map((assignment) => {
        const { Actions, NotActions } = roles.permissionsOf(assignment);
        return {
          actions: Actions,
          notActions: NotActions,
          dataActions: DataActions,
          notDataActions: NotDataActions,
        };
      }),
  );
}
