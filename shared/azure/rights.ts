import type { Permission } from '@azure/arm-authorization';
import { MedicError } from '../errors.ts';
import type { ByPart, Needed, Rights } from '../model/rights.ts';
import { groupIdOf } from '../model/vm-id.ts';
import { matchesWildcard } from '../wildcard.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';

/** A resource or a group, as the client's methods want it. */
const SCOPE =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<group>[^/]+)(?:\/providers\/(?<namespace>[^/]+)(?:\/(?<parent>.+))?\/(?<type>[^/]+)\/(?<name>[^/]+))?$/i;

/** What is allowed on a scope, asked once; `undefined` where the service may not even ask. */
type PermissionsAt = (scope: string) => Promise<Permission[] | undefined>;

/**
 * Asks Azure what the service's identity may do on each scope, at the group first, whose rights hold for all in it. It does not tell of
 * deny assignments, nor of rights that Azure asks for on what a body refers to.
 * Source: Permissions - List For Resource Group, List For Resource (learn.microsoft.com, rest/api/authorization/permissions).
 * @throws MedicError a retryable Azure error.
 */
export async function readRights(
  azure: Azure,
  { always, offline }: ByPart<readonly Needed[]>,
): Promise<ByPart<Rights>> {
  const asked = new Map<string, ReturnType<PermissionsAt>>();
  const permissionsAt: PermissionsAt = (scope) => {
    const key = scope.toLowerCase();
    const known = asked.get(key) ?? listPermissions(azure, scope);
    asked.set(key, known);
    return known;
  };
  return { always: await rightsOf(always, permissionsAt), offline: await rightsOf(offline, permissionsAt) };
}

async function rightsOf(needed: readonly Needed[], permissionsAt: PermissionsAt): Promise<Rights> {
  const rights: Rights = { missing: [], unread: [] };
  for (const { scope, actions } of needed) {
    let left = actions;
    let isRead = false;
    for (const place of [groupIdOf(scope), scope]) {
      if (left.length === 0) break;
      const permissions = await permissionsAt(place);
      isRead ||= permissions !== undefined;
      left = left.filter((action) => !permissions?.some((permission) => allows(permission, action)));
    }
    if (isRead) rights.missing.push(...left.map((action) => ({ scope, action })));
    else if (left.length > 0 && !rights.unread.includes(scope)) rights.unread.push(scope);
  }
  return rights;
}

async function listPermissions(azure: Azure, scope: string): Promise<Permission[] | undefined> {
  const {
    subscription = '',
    group = '',
    namespace,
    parent = '',
    type = '',
    name = '',
  } = SCOPE.exec(scope)?.groups ?? {};
  const { permissions } = azure(subscription).authorization;
  const found: Permission[] = [];
  try {
    await arm(async () => {
      const pages =
        namespace === undefined
          ? permissions.listForResourceGroup(group)
          : permissions.listForResource(group, namespace, parent, type, name);
      for await (const permission of pages) found.push(permission);
    });
  } catch (error) {
    if (error instanceof MedicError && (error.code === 'AccessDenied' || error.code === 'AzureRefused'))
      return undefined;
    throw error;
  }
  return found;
}

/** Whether one role grants an action: what it leaves out again counts for that role alone. */
function allows({ actions = [], notActions = [] }: Permission, action: string): boolean {
  return (
    actions.some((granted) => matchesWildcard(granted, action)) &&
    !notActions.some((one) => matchesWildcard(one, action))
  );
}
