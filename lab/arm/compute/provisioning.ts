import { timestamp, type Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import type { Passage } from '../operations.ts';
import type { VirtualMachine } from '../store/resources.ts';
import { AGENT_POLL_SECONDS, PROVISIONING_PATIENCE_SECONDS } from '../timings.ts';

/** Ends an operation on a VM: since when it stands so is what its instance view then tells. */
export function settle(
  { clock }: Pick<Context, 'clock'>,
  vm: VirtualMachine,
  provisioningState: 'Succeeded' | 'Failed',
): void {
  vm.provisioningState = provisioningState;
  vm.settledAt = timestamp(clock);
}

/**
 * A VM from an image is ready when its agent has said so.
 * @throws ArmError OSProvisioningTimedOut, which ends the operation
 */
export async function waitForProvisioning(
  { clock, machines }: Context,
  vm: VirtualMachine,
  { pass }: Passage,
): Promise<void> {
  const giveUpAt = clock.now() + PROVISIONING_PATIENCE_SECONDS * 1000;
  while (machines.agent(vm) !== 'Ready') {
    if (clock.now() >= giveUpAt) {
      throw new ArmError(
        409,
        'OSProvisioningTimedOut',
        `OS Provisioning for VM '${vm.name}' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning state later.`,
      );
    }
    await pass(AGENT_POLL_SECONDS);
  }
}
