import { MedicError } from '../errors.ts';
import type { RemediationRecord } from '../model/record.ts';
import type { RemediationInput } from '../model/request.ts';
import { instanceIdOf } from '../model/remediation-id.ts';
import { parseVmId } from '../model/vm-id.ts';

/** Said in every record while it holds. */
const NO_POLICY_IS_SET =
  'No policy is set (RDP_MEDIC_POLICY): only signed-in callers may diagnose VMs, and nothing else is allowed.';

/** The record of a remediation that has just begun. */
export function newRecord(
  { remediationId, attempt, request, policyVersion, hub, epoch, rollback }: RemediationInput,
  startedAt: string,
): RemediationRecord {
  const vm = parseVmId(request.vmId);
  if (!vm) throw new MedicError('RequestInvalid', `Not a VM resource id: ${request.vmId}`);
  return {
    schema: 1,
    id: remediationId,
    attempt,
    vm: { id: vm.id, name: vm.name, resourceGroup: vm.resourceGroup, subscriptionId: vm.subscriptionId },
    request,
    ...(rollback && { rollback }),
    ...(policyVersion !== undefined && { policyVersion }),
    startedAt,
    phase: 'preflight',
    owner: { hub, instance: instanceIdOf(vm.id), epoch, nextSignBy: startedAt },
    refusals: [],
    steps: [],
    undo: [],
    cleanup: { removed: [], kept: [], leftovers: [] },
    errors: [],
    warnings: policyVersion === 'none' ? [NO_POLICY_IS_SET] : [],
    advice: [],
  };
}
