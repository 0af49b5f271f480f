import type { OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { GuestRun, GuestRunInput } from '../../shared/model/guest-run.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import { pollSeconds, TIMING } from '../../shared/repair/timing.ts';
import { act, complete, wait, type Steps } from './durable.ts';

/**
 * One script on one VM. Where its output cannot go to the storage account it is run again without: only a script that changes nothing is
 * ever run so without knowing, and the others find out from it.
 */
export function* runGuestScript(context: OrchestrationContext, input: GuestRunInput): Steps<GuestRun> {
  try {
    return yield* runOnce(context, input);
  } catch (error) {
    if (!(error instanceof MedicError) || error.code !== 'OutputNotKept') throw error;
    return yield* runOnce(context, { ...input, runName: `${input.runName}-tail` });
  }
}

/**
 * Through managed Run Command: begin, look until it has ended, read its answer. The run command of a script that answered stays until
 * nobody waits for its removal: clean-up finds it by its tags. One that gave no answer is removed at once, since it may still be at work;
 * that it cannot be removed does not make anything worse.
 */
function* runOnce(context: OrchestrationContext, input: GuestRunInput): Steps<GuestRun> {
  const { vmId, remediationId, task, nonce, runName } = input;
  try {
    const { evidenceUrl, timeoutSeconds, hash, operation } = yield* act(
      context,
      ACTIVITIES.beginGuestScript,
      input,
    );
    const limit = timeoutSeconds + TIMING.guestScriptGrace;
    for (let waited = 0; waited <= limit;) {
      const first = Math.max(TIMING.guestScriptFirst, input.usualSeconds ?? 0);
      const pause = waited === 0 ? first : pollSeconds(TIMING.guestScriptPoll, waited);
      yield* wait(context, pause);
      waited += pause;
      const { run } = yield* act(context, ACTIVITIES.readGuestScript, {
        vmId,
        remediationId,
        script: task.script,
        nonce,
        hash,
        runName,
        evidenceUrl,
        operation,
      });
      if (run) return run;
    }
    throw new MedicError(
      'OperationTimedOut',
      `${task.script} returned no result within ${Math.round(limit / 60)} minutes.`,
    );
  } catch (error) {
    const { epoch } = input;
    yield* removed(context, { remediationId, epoch, forward: false, vmId, runName });
    throw error;
  }
}

function* removed(
  context: OrchestrationContext,
  input: Mandate & { vmId: string; runName: string },
): Steps<void> {
  try {
    yield* complete(context, ACTIVITIES.removeGuestScript, input);
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    context.warn(`the run command ${input.runName} could not be removed yet: ${error.message}`);
  }
}
