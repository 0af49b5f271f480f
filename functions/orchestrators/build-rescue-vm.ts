import type { OrchestrationContext } from 'durable-functions';
import { MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { RescueShape } from '../../shared/model/rescue-shape.ts';
import { saysNoRoom, saysOverQuota } from '../../shared/repair/capacity.ts';
import { firstShape, nextShape } from '../../shared/repair/rescue-shape.ts';
import { spreadSeconds, TIMING } from '../../shared/repair/timing.ts';
import { endedOrSeen } from './await-deed.ts';
import { awaitAgent } from './await-agent.ts';
import { act, complete, make, secondsSince, wait, type Steps } from './durable.ts';
import type { RescueVmInput } from './rescue-vm-ahead.ts';

interface Built {
  vmId: string;
  size: string;
  refused: string[];
}

/**
 * Where Azure has no room, or a policy denies it, with another size or disk: as many as there are to try. Where the quota is used up it is
 * waited for, since in a storm other rescue VMs hold it, and nothing is lost meanwhile: the broken VM runs.
 */
export function* buildRescueVm(
  context: OrchestrationContext,
  { waitsForQuota, ...input }: RescueVmInput & { waitsForQuota: boolean },
): Steps<Built> {
  const begun = context.df.currentUtcDateTime.getTime();
  for (let tries = 1; ; tries++) {
    try {
      return yield* buildInSomeShape(context, input);
    } catch (error) {
      const patience = waitsForQuota ? TIMING.quotaLimit - secondsSince(context, begun) : 0;
      if (!(error instanceof MedicError && saysOverQuota(error.message)) || patience <= 0) throw error;
    }
    yield* wait(context, TIMING.quotaPause + spreadSeconds(context.df.instanceId, tries));
  }
}

function* buildInSomeShape(context: OrchestrationContext, input: RescueVmInput): Steps<Built> {
  const shapes = yield* act(context, ACTIVITIES.rescueShapes, { vm: input.vm });
  const refused: string[] = [];
  let shape: RescueShape | undefined = firstShape(shapes);
  for (;;) {
    const tried: RescueShape = shape;
    try {
      return { ...(yield* buildOf(context, input, tried)), size: tried.size, refused };
    } catch (error) {
      shape = nextShape(shapes, tried, error);
      if (!shape) throw error;
      refused.push(`${tried.size} with ${tried.diskType}: ${toProblem(error).message}`);
    }
  }
}

/** Network card, VM, and the wait for its agent: without it no script runs there. What Azure took on and could not make is deleted. */
function* buildOf(
  context: OrchestrationContext,
  input: RescueVmInput,
  shape: RescueShape,
): Steps<{ vmId: string }> {
  const nicId = yield* make(context, ACTIVITIES.beginRescueNic, input);
  const { remediationId, epoch, forward } = input;
  const waiting = { remediationId, epoch, forward };
  const begun = yield* act(context, ACTIVITIES.beginRescueVm, { ...input, nicId, shape });
  const { id: vmId } = begun;
  const operation = {
    ...begun.operation,
    usualSeconds: TIMING.rescueVmFirst,
    pollAfterSeconds: Math.max(begun.operation.pollAfterSeconds, TIMING.rescueVmPoll),
  };
  try {
    yield* endedOrSeen(context, operation, function* () {
      const { agentReady, provisioningState } = yield* act(context, ACTIVITIES.readVmStatus, { vmId });
      return agentReady && provisioningState === 'Succeeded';
    });
  } catch (error) {
    if (error instanceof MedicError && saysNoRoom(error.message))
      yield* complete(context, ACTIVITIES.beginDeleteResource, { ...waiting, id: vmId });
    throw error;
  }
  if (yield* awaitAgent(context, { vmId, waiting }, TIMING.bootLimit)) return { vmId };
  throw new MedicError(
    'AgentNotReady',
    `The agent of the rescue VM was not Ready after ${TIMING.bootLimit / 60} minutes.`,
  );
}
