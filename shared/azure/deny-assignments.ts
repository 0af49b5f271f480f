import type { DenyAssignment } from '@azure/arm-authorization';
import { MedicError } from '../errors.ts';
import { matchesWildcard } from '../wildcard.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';

/** A deny assignment that holds for the service, as far as anybody can tell. */
export interface Denying {
  /** Its name, and where it stands. */
  by: string;
  forbids(action: string): boolean;
}

/**
 * The deny assignments at a scope and above it, which no role overrides; `undefined` where the service may not read them. One that leaves
 * out the service's identity is none; where that identity cannot be told, it counts.
 * Source: Deny Assignments - List For Scope (learn.microsoft.com, rest/api/authorization/deny-assignments).
 * @throws MedicError a retryable Azure error.
 */
export async function listDenying(azure: Azure, scope: string): Promise<Denying[] | undefined> {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] ?? '';
  const clients = await azure(subscription);
  const found: DenyAssignment[] = [];
  try {
    await arm(async () => {
      const pages = clients.authorization.denyAssignments.listForScope(scope.slice(1), {
        filter: 'atScope()',
      });
      for await (const one of pages) found.push(one);
    });
  } catch (error) {
    if (error instanceof MedicError && (error.code === 'AccessDenied' || error.code === 'AzureRefused'))
      return undefined;
    throw error;
  }
  if (found.length === 0) return [];
  const self = await clients.principal();
  return found.filter((one) => !leavesOut(one, self)).map(toDenying);
}

function leavesOut({ excludePrincipals = [] }: DenyAssignment, self: string | undefined): boolean {
  return excludePrincipals.some(({ id }) => id !== undefined && id.toLowerCase() === self?.toLowerCase());
}

function toDenying({ denyAssignmentName, name, scope, permissions = [] }: DenyAssignment): Denying {
  return {
    by: `${denyAssignmentName ?? name ?? 'unnamed'} on ${scope ?? 'a parent scope'}`,
    forbids: (action) =>
      permissions.some(
        ({ actions = [], notActions = [] }) =>
          actions.some((one) => matchesWildcard(one, action)) &&
          !notActions.some((one) => matchesWildcard(one, action)),
      ),
  };
}
