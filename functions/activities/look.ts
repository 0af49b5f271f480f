import { inspectVm, readNics } from '../../shared/azure/inspect-vm.ts';
import { pollOperation } from '../../shared/azure/operation.ts';
import { readPolicyDenials } from '../../shared/azure/policy-denials.ts';
import { readRights } from '../../shared/azure/rights.ts';
import { readVmStatus } from '../../shared/azure/vm-power.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { probeAny } from '../../shared/probe/probe-any.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { requireMandate } from './mandate.ts';

/** Activities that only read. */
export function registerLookActivities(deps: ActivityDependencies): void {
  const { azure, privateRoute, probeTimeoutMs, peerAccount, takeDown, policy, rescueVmSize } = deps;
  implement(ACTIVITIES.readSettings, () =>
    Promise.resolve({
      peerAccount: peerAccount !== undefined,
      rehearse: policy.rehearse,
      rescueSubnetId: policy.rescue.subnetId ?? null,
      rescueGroup: policy.rescue.resourceGroup ?? null,
      takeDown,
      rescueVmSize,
    }),
  );
  implement(ACTIVITIES.inspectVm, ({ vmId }) => inspectVm(azure, vmId, policy.rescue.resourceGroup));
  implement(ACTIVITIES.readNics, async ({ vmId }) => ({ nics: await readNics(azure, vmId) }));
  implement(ACTIVITIES.readRights, (needed) => readRights(azure, needed));
  implement(ACTIVITIES.readPolicyDenials, ({ vmId }) => readPolicyDenials(azure, vmId));
  implement(ACTIVITIES.readVmStatus, async ({ vmId, waiting }) => {
    if (waiting) await requireMandate(deps, waiting);
    return readVmStatus(azure, vmId);
  });
  implement(ACTIVITIES.pollOperation, (operation) => pollOperation(azure, operation));
  implement(ACTIVITIES.probeRdp, ({ addresses, port, at, expect = {} }) =>
    probeAny(addresses, port, {
      timeoutMs: probeTimeoutMs,
      now: () => Date.parse(at),
      expect,
      privateRoute,
    }),
  );
}
