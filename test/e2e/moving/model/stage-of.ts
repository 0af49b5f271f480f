import { LAB_SUBSCRIPTION, type Lab } from '../../../../lab/arm/start-lab.ts';
import { fleetVm, type FleetVm } from '../../../../lab/fleet/index.ts';
import type { StageOptions } from '../../../../local/stage.ts';
import type { Scenario } from './scenario.ts';

/**
 * What a stage needs for these runs: the role on each of their subscriptions, and a policy that lets all of them begin.
 * @param scenarios whose subscriptions the role is assigned on
 * @param asksFirst whether a person is asked before a VM goes down
 */
export function stageOf(
  scenarios: readonly Pick<Scenario, 'subscriptionId'>[],
  asksFirst: boolean,
  now: number,
): Partial<StageOptions> & { fleet: FleetVm[] } {
  return {
    fleet: [fleetVm('peer', { now })],
    lab: {
      assignedScopes: [LAB_SUBSCRIPTION, ...scenarios.map(({ subscriptionId }) => subscriptionId)].map(
        (id) => `/subscriptions/${id}`,
      ),
    },
    probeSeconds: 0.2,
    policy: {
      limits: { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 1000 },
      defaults: { options: { adminAddresses: ['198.51.100.7'] } },
      ...(asksFirst && { approval: { modes: ['full'] } }),
    },
  };
}

/** So many rescue VMs at once no subscription has the cores for. */
export function raiseQuota({ catalogue: { quota } }: Lab): void {
  for (const family of quota.keys()) quota.set(family, 1_000_000);
}
