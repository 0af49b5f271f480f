import type { Context } from '../context.ts';
import { page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import { isWithin } from '../store/resource-id.ts';

/** Both lists are asked for at any scope: the router puts the scope into a parameter (`server.ts`). */
export const SCOPED_PREFIX = '/at';

export const authorizationRoutes: Route[] = [
  {
    method: 'GET',
    path: `${SCOPED_PREFIX}/:scope/providers/Microsoft.Authorization/locks`,
    action: 'Microsoft.Authorization/locks/read',
    handle: listLocks,
  },
  {
    method: 'GET',
    path: `${SCOPED_PREFIX}/:scope/providers/Microsoft.Authorization/permissions`,
    action: 'Microsoft.Authorization/permissions/read',
    handle: listPermissions,
  },
];

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
  return page(
    locks.map(({ id, name, type, level, notes }) => ({
      id,
      name,
      type,
      properties: { level, ...(notes !== undefined && { notes }) },
    })),
  );
}

/** The one role of the one identity. */
function listPermissions(_request: ArmRequest, { role }: Context): ArmAnswer {
  return page([
    {
      actions: role.Actions,
      notActions: role.NotActions,
      dataActions: role.DataActions,
      notDataActions: role.NotDataActions,
    },
  ]);
}
