import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { isOver, type Engine } from './engine.ts';

/** Longer than any request takes from taking a place to starting the instance. */
const START_GRACE_MS = 15_000;

type Places = Pick<TriggerDependencies, 'intake' | 'policy' | 'clock'>;

/** Takes one of the places of the VM's subscription for its instance; false while all are held by others that go on. */
export function takePlace(
  engine: Pick<Engine, 'getStatus'>,
  { intake, policy, clock }: Places,
  vmId: string,
): Promise<boolean> {
  const now = clock.now();
  return intake.takePlace(
    subscriptionOf(vmId),
    policy.limits.concurrentPerSubscription,
    { instanceId: instanceIdOf(vmId), takenAt: now },
    async (holder) => now - holder.takenAt > START_GRACE_MS && (await isOver(engine, holder.instanceId)),
  );
}

/** Gives the place of the VM's instance back, where it holds one. */
export function freePlace({ intake }: Pick<Places, 'intake'>, vmId: string): Promise<void> {
  return intake.freePlace(subscriptionOf(vmId), instanceIdOf(vmId));
}

/** The subscription whose places a VM's remediation takes. */
export function subscriptionOf(vmId: string): string {
  return parseVmId(vmId)?.subscriptionId ?? '';
}
