import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';
import { ArmError } from '../errors.ts';
import { idKey } from '../store/resource-id.ts';
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

/** The role, or a narrower one, given to the service's identity on a scope. */
export interface RoleAssignment {
  name: string;
  scope: string;
  /** Name of the definition, where it is not the role that is deployed with the service. */
  role?: string;
}

/** What a role allows. */
type Permissions = Pick<RoleDefinition, 'Actions' | 'NotActions'>;

export interface Roles {
  /** As last written; what counts may still be an earlier one. */
  readonly definition: RoleDefinition;
  readonly assignments: readonly RoleAssignment[];
  /** Every action that was asked for and granted so far: what a role must have, and no more. */
  readonly used: ReadonlySet<string>;
  assign(assignment: RoleAssignment): void;
  /** @returns the assignment that was taken away, if there was one */
  unassign(name: string): RoleAssignment | undefined;
  /** What the role of an assignment allows. */
  permissionsOf(assignment: RoleAssignment): Permissions;
  /** Changes what the role allows, or the definition of another name. */
  define(permissions: Permissions, role?: string): void;
  /**
   * @param linked rights needed on other resources that the request refers to
   * @throws ArmError 403 AuthorizationFailed or LinkedAuthorizationFailed
   */
  authorize(principal: Principal, demand: Demand, linked: () => Demand[]): void;
}

/** Reads the role that is deployed with the service, so that the lab proves it sufficient. */
export function readRoleDefinition(): RoleDefinition {
  const path = join(PACKAGE_ROOT, 'infra', 'role-definition.json');
  return roleDefinitionSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The role and where it is assigned at one moment, made ready to be asked. */
interface Grant {
  definition: RoleDefinition;
  /** Definitions beside it, by name. */
  others: ReadonlyMap<string, Permissions>;
  assignments: readonly RoleAssignment[];
  allows(demand: Demand): boolean;
}

/**
 * @param scopes where the role is assigned to the service's identity
 * @param later calls back once a change of rights has spread
 */
export function createRoles(
  definition: RoleDefinition,
  scopes: readonly string[],
  later: (spread: () => void) => void,
): Roles {
  let written = toGrant({
    definition,
    others: new Map(),
    assignments: scopes.map((scope, index) => ({ name: `assignment-${String(index + 1)}`, scope })),
  });
  let inForce = written;
  const used = new Set<string>();

  const change = (changed: Partial<GrantParts>): void => {
    const next = toGrant({ ...written, ...changed });
    written = next;
    later(() => {
      inForce = next;
    });
  };

  return {
    get definition() {
      return written.definition;
    },
    get assignments() {
      return written.assignments;
    },
    used,
    permissionsOf: ({ role }) => permissionsOf(written, role),
    assign(assignment) {
      change({ assignments: [...written.assignments, assignment] });
    },
    unassign(name) {
      const gone = written.assignments.find((assignment) => assignment.name === name);
      if (gone) change({ assignments: written.assignments.filter((assignment) => assignment !== gone) });
      return gone;
    },
    define(permissions, role) {
      if (role === undefined) change({ definition: { ...written.definition, ...permissions } });
      else change({ others: new Map([...written.others, [role, permissions]]) });
    },
    authorize({ clientId, objectId }, demand, linked) {
      const who = `The client '${clientId}' with object id '${objectId}'`;
      if (!inForce.allows(demand)) {
        throw forbidden(
          'AuthorizationFailed',
          `${who} does not have authorization to perform action '${demand.action}' over scope '${demand.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
        );
      }
      const links = linked();
      const missing = links.find((link) => !inForce.allows(link));
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

type GrantParts = Pick<Grant, 'definition' | 'others' | 'assignments'>;

function permissionsOf({ definition, others }: Omit<GrantParts, 'assignments'>, role?: string): Permissions {
  return (role === undefined ? undefined : others.get(role)) ?? definition;
}

function toGrant({ definition, others, assignments }: GrantParts): Grant {
  const ready = assignments.map(({ scope, role }) => {
    const { Actions, NotActions } = permissionsOf({ definition, others }, role);
    return { scope: idKey(scope), allowed: patternsOf(Actions), excluded: patternsOf(NotActions) };
  });
  const byScope = Map.groupBy(ready, ({ scope }) => scope);
  return {
    definition,
    others,
    assignments,
    allows: ({ action, scope, anywhere }) =>
      (anywhere === true ? ready : scopesAround(scope).flatMap((key) => byScope.get(key) ?? [])).some(
        (assigned) =>
          assigned.allowed.some((pattern) => pattern.test(action)) &&
          !assigned.excluded.some((pattern) => pattern.test(action)),
      ),
  };
}

/** A scope and all that it lies within, by their keys: thousands of assignments are not looked through at each call. */
function scopesAround(scope: string): string[] {
  const segments = idKey(scope).split('/').slice(1);
  return ['/', ...segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`)];
}

const patterns = new WeakMap<readonly string[], RegExp[]>();

/** Hundreds of assignments share one role. */
function patternsOf(actions: readonly string[]): RegExp[] {
  const known = patterns.get(actions) ?? actions.map(toPattern);
  patterns.set(actions, known);
  return known;
}

function forbidden(code: string, message: string): ArmError {
  return new ArmError(403, code, message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}

/** Whether an action is one of a pattern's. */
export function matchesAction(pattern: string, action: string): boolean {
  return toPattern(pattern).test(action);
}

/** Actions are compared without regard to case; `*` stands for any text, slashes included. */
function toPattern(action: string): RegExp {
  const literal = action.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 'i');
}
