import { z } from 'zod';
import { guestResultSchema } from './guest-result.ts';
import { evidenceSchema } from './record.ts';

/** One run of a guest script on a VM: what it reported, and where its whole output lies. */
export const guestRunSchema = z.object({ result: guestResultSchema, evidence: z.array(evidenceSchema) });
export type GuestRun = z.infer<typeof guestRunSchema>;

/** What is to be run where. */
export interface GuestRunInput {
  vmId: string;
  /** Id in guest/manifest.json. */
  scriptId: string;
  parameters: Record<string, string>;
  remediationId: string;
  /** ISO 8601: tag of what is made. */
  expiresAt: string;
  /** Tells two runs of one script in one remediation apart. */
  runName: string;
}
