import { z } from 'zod';
import { isErrorCode, type ErrorCode } from '../errors.ts';

/** A problem as plain data (`shared/errors.ts`). */
export const problemValueSchema = z.object({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  next: z.string(),
  retryAfterSeconds: z.number().optional(),
});

/** A value or a problem: what crosses the durable boundary, since thrown errors are flattened to text there. */
export function problemResultSchema<Value extends z.ZodType>(value: Value) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), problem: problemValueSchema }),
  ]);
}
