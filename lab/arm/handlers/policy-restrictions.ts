import * as z from 'zod';
import { assignmentId, denyingPolicies } from '../access/policy.ts';
import type { Context } from '../context.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import { toJson } from '../store/json.ts';
import { readBody } from '../wire.ts';

/** What Azure Policy thinks of a resource before it is written (learn.microsoft.com, rest/api/policy/policy-restrictions). */
export const policyRestrictionRoutes: Route[] = [
  {
    method: 'POST',
    path: '/subscriptions/:subscriptionId/resourceGroups/:group/providers/Microsoft.PolicyInsights/checkPolicyRestrictions',
    action: 'Microsoft.PolicyInsights/checkPolicyRestrictions/read',
    handle: check,
  },
];

const bodySchema = z.object({
  resourceDetails: z.object({
    resourceContent: z.looseObject({ type: z.string() }),
    apiVersion: z.string().optional(),
    scope: z.string().optional(),
  }),
  includeAuditEffect: z.boolean().optional(),
  pendingFields: z.array(z.unknown()).optional(),
});

/** Only what does not comply is told; that of policies that merely *modify* is nothing. */
function check({ body, params }: ArmRequest, { denials }: Context): ArmAnswer {
  const { resourceDetails } = readBody(bodySchema, body);
  const groupId = `/subscriptions/${params['subscriptionId'] ?? ''}/resourceGroups/${params['group'] ?? ''}`;
  const denying = denyingPolicies(denials, groupId, toJson(resourceDetails.resourceContent));
  return ok({
    fieldRestrictions: [],
    contentEvaluationResult: {
      policyEvaluations: denying.map((denial) => ({
        policyInfo: {
          policyDefinitionId: `/subscriptions/${params['subscriptionId'] ?? ''}/providers/Microsoft.Authorization/policyDefinitions/${denial.name}`,
          policyAssignmentId: assignmentId(denial),
        },
        evaluationResult: 'NonCompliant',
        effectDetails: { policyEffect: 'Deny' },
      })),
    },
  });
}
