import * as z from 'zod';
import { outcomeOfChangeSchema } from './change.ts';
import { factsSchema, type Facts } from './facts.ts';

/**
 * What `guest/collect.ps1` and `guest/apply.ps1` answer: JSON, gzip, base64, in one line of the output; where that is longer than
 * the tail that Azure keeps, its beginning stands in the error stream (`shared/guest/read-answer.ts`).
 */
export const guestAnswerSchema = z.object({
  schema: z.literal(2),
  script: z.enum(['collect', 'apply', 'peer-certificate']),
  /** What this answer answers: a run's own number, unknown to whatever else prints in the guest. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** Code of guest/README.md and words, where the script could not do its work. */
  error: z
    .object({ code: z.string().regex(/^[A-Z][A-Za-z0-9]{0,63}$/), message: z.string().max(512) })
    .nullable(),
  /** SHA-256 of the changes as they arrived, upper-case hex; empty for `collect`. */
  hash: z.string().regex(/^([0-9A-F]{64})?$/),
  outcomes: z.array(outcomeOfChangeSchema).max(64),
  /** The parts of the facts that are otherwise after the changes, as they were; only where that was asked for. */
  before: z
    .array(z.object({ part: factsSchema.keyof(), was: z.unknown() }))
    .max(32)
    .nullable()
    .default(null),
  /** As Windows is after the changes; `null` where it could not be looked at. */
  facts: factsSchema.nullable(),
});
export type GuestAnswer = z.infer<typeof guestAnswerSchema>;

/** Windows as it was before the changes; `null` where it was not looked at, or what is told of it is none of the kind. */
export function factsBefore({ before, facts }: GuestAnswer): Facts | null {
  if (!before || !facts) return null;
  const were = Object.fromEntries(before.map(({ part, was }) => [part, was]));
  return factsSchema.safeParse({ ...facts, ...were }).data ?? null;
}
