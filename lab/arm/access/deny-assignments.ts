import { ArmError } from '../errors.ts';
import { matchesAction } from './roles.ts';
import { isWithin } from '../store/resource-id.ts';
import type { Principal } from './identity.ts';
import type { Demand } from './roles.ts';

/**
 * Actions that are forbidden to everybody on a scope and below, whatever roles say: made by deployment stacks and managed applications
 * (learn.microsoft.com, role-based-access-control/deny-assignments).
 */
export interface DenyAssignment {
  name: string;
  scope: string;
  actions: readonly string[];
  notActions?: readonly string[];
  /** Object ids of those it leaves out. */
  excludes?: readonly string[];
}

/** The path of an assignment. */
export function denyAssignmentId({ scope, name }: Pick<DenyAssignment, 'scope' | 'name'>): string {
  return `${scope}/providers/Microsoft.Authorization/denyAssignments/${name}`;
}

/**
 * @throws ArmError 403: DenyAssignmentAuthorizationFailed, or for a linked resource LinkedAuthorizationFailed (the text: Azure/OpenShift#186)
 */
export function refuseDenied(
  denyAssignments: readonly DenyAssignment[],
  { clientId, objectId }: Principal,
  demand: Demand,
  linked: readonly Demand[],
): void {
  const denying = ({ action, scope }: Demand): DenyAssignment | undefined =>
    denyAssignments.find(
      (one) =>
        isWithin(scope, one.scope) &&
        !(one.excludes ?? []).includes(objectId) &&
        one.actions.some((pattern) => matchesAction(pattern, action)) &&
        !(one.notActions ?? []).some((pattern) => matchesAction(pattern, action)),
    );
  const who = `The client '${clientId}' with object id '${objectId}' has permission to perform action '${demand.action}' on scope '${demand.scope}'; however,`;
  const itself = denying(demand);
  if (itself)
    throw forbidden(
      'DenyAssignmentAuthorizationFailed',
      `${who} the access is denied because of the deny assignment with name '${itself.name}' and Id '${denyAssignmentId(itself)}' at scope '${itself.scope}'.`,
    );
  const link = linked.find((one) => denying(one));
  if (link)
    throw forbidden(
      'LinkedAuthorizationFailed',
      `${who} it does not have permission to perform action '${link.action}' on the '0' linked scope(s) '' or the linked scope(s) are invalid and is blocked by deny assignments on the '1' linked scope(s) '${link.scope}'.`,
    );
}

function forbidden(code: string, message: string): ArmError {
  return new ArmError(403, code, message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}
