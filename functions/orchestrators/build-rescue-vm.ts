import type { OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, make, wait, type Steps } from './durable.ts';

/** Network card, VM, and the wait for its agent: without it no script runs there. */
export function* buildRescueVm(
  context: OrchestrationContext,
  input: { vm: Inspection; remediationId: string; expiresAt: string },
): Steps<{ vmId: string }> {
  const nicId = yield* make(context, ACTIVITIES.beginRescueNic, input);
  const vmId = yield* make(context, ACTIVITIES.beginRescueVm, { ...input, nicId });
  for (let waited = 0; waited < TIMING.bootLimit; waited += TIMING.bootPoll) {
    const { agentReady } = yield* act(context, ACTIVITIES.readVmStatus, { vmId });
    if (agentReady) return { vmId };
    yield* wait(context, TIMING.bootPoll);
  }
  throw new MedicError(
    'AgentNotReady',
    `The agent of the rescue VM was not Ready after ${TIMING.bootLimit / 60} minutes.`,
  );
}
