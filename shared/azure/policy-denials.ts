import type { VirtualMachine } from '@azure/arm-compute';
import { isRetryable } from '../error-codes.ts';
import { MedicError } from '../errors.ts';
import type { PolicyDenials } from '../model/policy-denials.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';

/** What Azure alone writes: no policy decides by it. */
const NOT_WRITTEN = ['instanceView', 'resources', 'etag', 'systemData', 'managedBy'];

/** What stands beside `properties` in the body of a resource. */
const TOP_LEVEL = [
  'id',
  'name',
  'type',
  'location',
  'tags',
  'zones',
  'identity',
  'plan',
  'extendedLocation',
  'placement',
];

/**
 * Asks Azure Policy whether it would deny a write of the VM as it stands: a policy looks at the whole resource on each change, so that one
 * assigned after the VM was made would deny the swap while the VM is down. Of what a repair makes the rehearsal finds it out.
 * Source: Policy Restrictions - Check At Resource Group Scope (learn.microsoft.com, rest/api/policy/policy-restrictions).
 * @throws MedicError `VmNotFound`, or a retryable Azure error.
 */
export async function readPolicyDenials(azure: Azure, vmId: string): Promise<PolicyDenials> {
  const { subscriptionId, resourceGroup } = requireVmId(vmId);
  const content = contentOf(await readVm(azure, vmId));
  try {
    const { contentEvaluationResult } = await arm(async () =>
      (await azure(subscriptionId)).policy.policyRestrictions.checkAtResourceGroupScope(resourceGroup, {
        resourceDetails: { resourceContent: content },
      }),
    );
    const denying = (contentEvaluationResult?.policyEvaluations ?? []).filter(
      ({ effectDetails, evaluationResult }) =>
        evaluationResult === 'NonCompliant' && effectDetails?.policyEffect?.toLowerCase() === 'deny',
    );
    return {
      assignments: denying.map(({ policyInfo }) => policyInfo?.policyAssignmentId ?? 'unnamed'),
    };
  } catch (error) {
    if (error instanceof MedicError && !isRetryable(error.code)) return { assignments: null };
    throw error;
  }
}

/** The VM as ARM writes it. */
function contentOf(vm: VirtualMachine): Record<string, unknown> {
  const fields = Object.entries(vm).filter(([name]) => !NOT_WRITTEN.includes(name));
  const isTop = ([name]: [string, unknown]): boolean => TOP_LEVEL.includes(name);
  return {
    type: 'Microsoft.Compute/virtualMachines',
    ...Object.fromEntries(fields.filter(isTop)),
    properties: Object.fromEntries(fields.filter((field) => !isTop(field))),
  };
}
