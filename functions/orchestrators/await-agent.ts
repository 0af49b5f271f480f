import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import { pollSeconds, TIMING } from '../../shared/repair/timing.ts';
import { act, wait, type Steps } from './durable.ts';

/**
 * Waits until the VM agent reports Ready, or the limit (seconds) is over; gives back which of the two.
 * @throws MedicError `Cancelled` once what it is waited for is called off.
 */
export function* awaitAgent(
  context: OrchestrationContext,
  asked: { vmId: string; waiting: Mandate },
  limitSeconds: number,
): Steps<boolean> {
  for (let waited = 0; waited < limitSeconds;) {
    const { agentReady } = yield* act(context, ACTIVITIES.readVmStatus, asked);
    if (agentReady) return true;
    const pause = pollSeconds(TIMING.agentPoll, waited);
    yield* wait(context, pause);
    waited += pause;
  }
  return false;
}
