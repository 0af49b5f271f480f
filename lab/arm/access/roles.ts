import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ArmError } from '../errors.ts';
import { isWithin } from '../store/resource-id.ts';
import type { Principal } from './identity.ts';

/** A role definition file as `az role definition create` and `New-AzRoleDefinition` read it. */
const roleDefinitionSchema = z.object({
  Name: z.string(),
  Description: z.string(),
  Actions: z.array(z.string()),
  NotActions: z.array(z.string()).default([]),
  DataActions: z.array(z.string()).default([]),
  NotDataActions: z.array(z.string()).default([]),
  AssignableScopes: z.array(z.string()).min(1),
});
export type RoleDefinition = z.output<typeof roleDefinitionSchema>;

/** What a caller does, and where. */
export interface Demand {
  action: string;
  scope: string;
  /** Any assignment of the role will do, wherever it is. */
  anywhere?: true;
}

export interface Roles {
  readonly definition: RoleDefinition;
  /** Every action that was asked for and granted so far: what a role must have, and no more. */
  readonly used: ReadonlySet<string>;
  /**
   * @param linked rights needed on other resources that the request refers to
   * @throws ArmError 403 AuthorizationFailed or LinkedAuthorizationFailed
   */
  authorize(principal: Principal, demand: Demand, linked: () => Demand[]): void;
}

/** Reads the role that is deployed with the service, so that the lab proves it sufficient. */
export function readRoleDefinition(): RoleDefinition {
  const path = join(import.meta.dirname, '..', '..', '..', 'infra', 'role-definition.json');
  return roleDefinitionSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** @param scopes where the role is assigned to the service's identity */
export function createRoles(definition: RoleDefinition, scopes: readonly string[]): Roles {
  const allowed = definition.Actions.map(toPattern);
  const excluded = definition.NotActions.map(toPattern);
  const may = ({ action, scope, anywhere }: Demand): boolean =>
    (anywhere ?? scopes.some((assigned) => isWithin(scope, assigned))) &&
    allowed.some((pattern) => pattern.test(action)) &&
    !excluded.some((pattern) => pattern.test(action));

  const used = new Set<string>();

  return {
    definition,
    used,
    authorize({ clientId, objectId }, demand, linked) {
      const who = `The client '${clientId}' with object id '${objectId}'`;
      if (!may(demand)) {
        throw forbidden(
          'AuthorizationFailed',
          `${who} does not have authorization to perform action '${demand.action}' over scope '${demand.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
        );
      }
      const links = linked();
      const missing = links.find((link) => !may(link));
      if (!missing) {
        for (const { action } of [demand, ...links]) used.add(action);
      } else {
        throw forbidden(
          'LinkedAuthorizationFailed',
          `${who} has permission to perform action '${demand.action}' on scope '${demand.scope}'; however, it does not have permission to perform action '${missing.action}' on the linked scope(s) '${missing.scope}' or the linked scope(s) are invalid.`,
        );
      }
    },
  };
}

function forbidden(code: string, message: string): ArmError {
  return new ArmError(403, code, message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}

/** Actions are compared without regard to case; `*` stands for any text, slashes included. */
function toPattern(action: string): RegExp {
  const literal = action.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 'i');
}
