import type { FunctionInput, InvocationContext } from '@azure/functions';
import { app } from 'durable-functions';
import { toProblem, type Result } from '../../shared/errors.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import { splitTrace } from '../../shared/model/trace-ref.ts';
import { toStorageError } from '../../shared/store/storage-error.ts';
import { inSpan } from '../../shared/tracing.ts';

/**
 * Registers the handler of an activity. An expected failure is an answer (the durable engine would flatten a thrown
 * error to text), so nothing is ever thrown from here.
 */
export function implement<Input, Output>(
  contract: DurableCall<Input, Output>,
  handler: (input: Input, context: InvocationContext) => Promise<Output>,
  extraInputs: FunctionInput[] = [],
): void {
  app.activity(contract.name, {
    extraInputs,
    handler: (value: unknown, context): Promise<Result<Output>> => {
      const { ref, input } = splitTrace(value);
      const answer = async (): Promise<Result<Output>> => {
        try {
          return { ok: true, value: await handler(contract.parseInput(input), context) };
        } catch (error) {
          const problem = toProblem(toStorageError(error));
          context.warn(`${contract.name}: ${problem.code}: ${problem.message}`);
          return { ok: false, problem };
        }
      };
      const hostSpan = context.traceContext?.traceParent;
      return inSpan(contract.name, { ref, hostSpan }, answer, (result) =>
        result.ok ? {} : { problem: result.problem.code },
      );
    },
  });
}
