import { z } from 'zod';
import { guestResultSchema } from './guest-result.ts';
import { evidenceSchema } from './record.ts';

/** One run of a guest script on a VM: what it reported, and where its whole output lies. */
export const guestRunSchema = z.object({ result: guestResultSchema, evidence: z.array(evidenceSchema) });
export type GuestRun = z.infer<typeof guestRunSchema>;

/** What is to be run where. */
export const guestRunInputSchema = z.object({
  vmId: z.string(),
  /** Id in guest/manifest.json. */
  scriptId: z.string(),
  parameters: z.record(z.string(), z.string()),
  remediationId: z.string(),
  /** ISO 8601: tag of what is made. */
  expiresAt: z.string(),
  /** Tells two runs of one script in one remediation apart. */
  runName: z.string(),
});
export type GuestRunInput = z.infer<typeof guestRunInputSchema>;
