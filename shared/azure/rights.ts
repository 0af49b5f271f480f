import type { Permission } from '@azure/arm-authorization';
import { MedicError } from '../errors.ts';
import type { ByPart, Needed, Rights } from '../model/rights.ts';
import { groupIdOf } from '../model/vm-id.ts';
import { matchesWildcard } from '../wildcard.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { listDenying, type Denying } from './deny-assignments.ts';

/** A resource or a group, as the client's methods want it. */
const SCOPE =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<group>[^/]+)(?:\/providers\/(?<namespace>[^/]+)(?:\/(?<parent>.+))?\/(?<type>[^/]+)\/(?<name>[^/]+))?$/i;

/** What is said of a scope, asked once; `undefined` where the service may not even ask. */
type At<T> = (scope: string) => Promise<T[] | undefined>;

/**
 * Asks Azure what the service's identity may do on each scope, at the group first, whose rights hold for all in it, and what deny
 * assignments forbid there all the same. Neither tells of rights that Azure asks for on what a body refers to.
 * Source: Permissions - List For Resource Group, List For Resource (learn.microsoft.com, rest/api/authorization/permissions).
 * @throws MedicError a retryable Azure error.
 */
export async function readRights(
  azure: Azure,
  { always, offline }: ByPart<readonly Needed[]>,
): Promise<ByPart<Rights>> {
  const permissionsAt = once((scope) => listPermissions(azure, scope));
  const denyingAt = once((scope) => listDenying(azure, scope));
  return {
    always: await rightsOf(always, permissionsAt, denyingAt),
    offline: await rightsOf(offline, permissionsAt, denyingAt),
  };
}

function once<T>(list: At<T>): At<T> {
  const asked = new Map<string, ReturnType<At<T>>>();
  return (scope) => {
    const key = scope.toLowerCase();
    const known = asked.get(key) ?? list(scope);
    asked.set(key, known);
    return known;
  };
}

async function rightsOf(
  needed: readonly Needed[],
  permissionsAt: At<Permission>,
  denyingAt: At<Denying>,
): Promise<Rights> {
  const rights: Rights = { missing: [], denied: [], unread: [] };
  for (const { scope, actions } of needed) {
    let left = actions;
    let isRead = false;
    for (const place of [groupIdOf(scope), scope]) {
      if (left.length === 0) break;
      const permissions = await permissionsAt(place);
      isRead ||= permissions !== undefined;
      left = left.filter((action) => !permissions?.some((permission) => allows(permission, action)));
    }
    const denying = await denyingAt(scope);
    if (isRead) rights.missing.push(...left.map((action) => ({ scope, action })));
    const isUnread = denying === undefined || (!isRead && left.length > 0);
    if (isUnread && !rights.unread.includes(scope)) rights.unread.push(scope);
    for (const action of actions) {
      const by = denying?.find((one) => one.forbids(action))?.by;
      if (by !== undefined) rights.denied.push({ scope, action, by });
    }
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
  const { permissions } = (await azure(subscription)).authorization;
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
