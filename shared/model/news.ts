import * as z from 'zod';
import { disruptionSchema } from './disruption.ts';

/** A message of the queue `ticket-news`: what people are to be told about a remediation, in tickets and elsewhere. */
export const newsSchema = z.strictObject({
  remediationId: z.string(),
  event: z.enum(['started', 'approval', 'down', 'done', 'failed']),
  /** What approval is asked for: each question is an event of its own. */
  about: disruptionSchema.optional(),
});
export type News = z.infer<typeof newsSchema>;

/** Names one event: whoever is told of it is told once. */
export function eventIdOf({ remediationId, event, about }: News): string {
  return [remediationId, event, about].filter(Boolean).join(':');
}
