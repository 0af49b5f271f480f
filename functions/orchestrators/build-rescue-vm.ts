import type { OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { Maker } from '../../shared/model/mandate.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { endedOrSeen } from './await-deed.ts';
import { awaitAgent } from './await-agent.ts';
import { act, make, type Steps } from './durable.ts';

/** Network card, VM, and the wait for its agent: without it no script runs there. */
export function* buildRescueVm(
  context: OrchestrationContext,
  input: Maker & { vm: Inspection },
): Steps<{ vmId: string }> {
  const nicId = yield* make(context, ACTIVITIES.beginRescueNic, input);
  const { remediationId, epoch, forward } = input;
  const waiting = { remediationId, epoch, forward };
  const { id: vmId, operation } = yield* act(context, ACTIVITIES.beginRescueVm, { ...input, nicId });
  yield* endedOrSeen(context, operation, function* () {
    const { agentReady, provisioningState } = yield* act(context, ACTIVITIES.readVmStatus, { vmId });
    return agentReady && provisioningState === 'Succeeded';
  });
  if (yield* awaitAgent(context, { vmId, waiting }, TIMING.bootLimit)) return { vmId };
  throw new MedicError(
    'AgentNotReady',
    `The agent of the rescue VM was not Ready after ${TIMING.bootLimit / 60} minutes.`,
  );
}
