import { app } from 'durable-functions';
import { toProblem, type Result } from '../../shared/errors.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';

/**
 * Registers the handler of an activity. An expected failure is an answer (the durable engine would flatten a thrown
 * error to text), so nothing is ever thrown from here.
 */
export function implement<Input, Output>(
  contract: DurableCall<Input, Output>,
  handler: (input: Input) => Promise<Output>,
): void {
  app.activity(contract.name, {
    handler: async (input: unknown, context): Promise<Result<Output>> => {
      try {
        return { ok: true, value: await handler(contract.parseInput(input)) };
      } catch (error) {
        const problem = toProblem(error);
        context.warn(`${contract.name}: ${problem.code}: ${problem.message}`);
        return { ok: false, problem };
      }
    },
  });
}
