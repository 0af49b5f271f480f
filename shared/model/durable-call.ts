import * as z from 'zod';
import { isErrorCode, type ErrorCode } from '../error-codes.ts';
import type { Result } from '../errors.ts';

/**
 * Name, input and output of an activity or a sub-orchestration. What crosses the durable boundary is text: both
 * sides parse it, and problems travel as values, since thrown errors are flattened there.
 */
export interface DurableCall<Input, Output> {
  readonly name: string;
  /** Reads what goes in. @throws ZodError. */
  readonly parseInput: (value: unknown) => Input;
  /** Reads what came back. @throws ZodError. */
  readonly parseAnswer: (value: unknown) => Result<Output>;
}

const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    problem: z.object({
      code: z.custom<ErrorCode>(isErrorCode),
      message: z.string(),
      next: z.string(),
      retryAfterSeconds: z.number().optional(),
    }),
  }),
]);

/** The contract of a call, from the schemas of its two ends. */
export function durableCall<Input, Output>(
  name: string,
  input: z.ZodType<Input>,
  output: z.ZodType<Output>,
): DurableCall<Input, Output> {
  return {
    name,
    parseInput: (value) => input.parse(value),
    parseAnswer: (value) => {
      const answer = answerSchema.parse(value);
      if (answer.ok) return { ok: true, value: output.parse(answer.value) };
      const { retryAfterSeconds, ...problem } = answer.problem;
      return {
        ok: false,
        problem: retryAfterSeconds === undefined ? problem : { ...problem, retryAfterSeconds },
      };
    },
  };
}
