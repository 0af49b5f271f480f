import * as z from 'zod';

/** The id of a known cause: the same word in `shared/causes/<id>.ts`, the fleet, docs/runbook.md and the report. */
export const causeIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64);
export type CauseId = z.infer<typeof causeIdSchema>;
