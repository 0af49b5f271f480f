import type { OrchestrationContext } from 'durable-functions';
import { isCancelled, isSuperseded, toProblem } from '../../shared/errors.ts';
import type { OutcomeKind } from '../../shared/model/record.ts';
import { remediationInputSchema } from '../../shared/model/request.ts';
import { callOff } from './call-off.ts';
import { abandon, conclude, leaveToAnother, type Conclusion } from './conclude.ts';
import type { Steps } from './durable.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';
import { unwind } from './unwind.ts';

/**
 * Carries one remediation from its first look to its report. Whatever happens, what was done is taken back unless it came to its
 * end, nothing is left behind, and a report says why.
 */
export function* follow(
  context: OrchestrationContext,
  runbook: (run: Run) => Steps<OutcomeKind>,
): Steps<Conclusion> {
  const input = remediationInputSchema.parse(context.df.getInput());
  let run: Run | undefined;
  try {
    run = yield* startRun(context, input);
    const outcome = yield* runbook(run);
    const asFound = yield* unwind(run, outcome);
    return yield* conclude(run, asFound ? outcome : 'failed');
  } catch (error) {
    if (isSuperseded(error)) return leaveToAnother(input);
    if (!run) return yield* abandon(context, input, toProblem(error));
    if (isCancelled(error)) return yield* callOff(run, error);
    run.record.errors.push(toProblem(error));
    yield* unwind(run, 'failed');
    return yield* conclude(run, 'failed');
  }
}
