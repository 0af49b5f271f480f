import type { OrchestrationContext } from 'durable-functions';
import { toProblem, type Result } from '../../shared/errors.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { splitTrace } from '../../shared/model/trace-ref.ts';
import { awaitDeed } from './await-deed.ts';
import { awaitRdp } from './await-rdp.ts';
import { buildRescueVm } from './build-rescue-vm.ts';
import { cleanUp } from './clean-up.ts';
import { pollToEnd, type Steps } from './durable.ts';
import { runGuestScript } from './run-guest-script.ts';
import { sweepGroup } from './sweep.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { registerOrchestrator } from './versions.ts';

/** Registers every sub-orchestration. */
export function registerSubOrchestrations(): void {
  register(SUB_ORCHESTRATIONS.awaitOperation, pollToEnd);
  register(SUB_ORCHESTRATIONS.awaitDeed, awaitDeed);
  register(SUB_ORCHESTRATIONS.runGuestScript, runGuestScript);
  register(SUB_ORCHESTRATIONS.takeSnapshot, takeSnapshot);
  register(SUB_ORCHESTRATIONS.awaitRdp, awaitRdp);
  register(SUB_ORCHESTRATIONS.buildRescueVm, buildRescueVm);
  register(SUB_ORCHESTRATIONS.cleanUp, cleanUp);
  register(SUB_ORCHESTRATIONS.sweepGroup, sweepGroup);
}

/** A sub-orchestration never fails: its problem is its answer, and parallel ones are waited for together. */
function register<Input, Output>(
  contract: DurableCall<Input, Output>,
  body: (context: OrchestrationContext, input: Input) => Steps<Output>,
): void {
  registerOrchestrator(contract.name, function* (context): Steps<Result<Output>> {
    try {
      return {
        ok: true,
        value: yield* body(context, contract.parseInput(splitTrace(context.df.getInput()).input)),
      };
    } catch (error) {
      return { ok: false, problem: toProblem(error) };
    }
  });
}
