import { z } from 'zod';

/** A message of the queue `ticket-news`: what tickets are to be told about a remediation. */
export const newsSchema = z.strictObject({
  remediationId: z.string(),
  event: z.enum(['started', 'approval', 'down', 'done', 'failed']),
});
export type News = z.infer<typeof newsSchema>;
