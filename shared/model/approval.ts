import * as z from 'zod';
import { changeSchema } from './change.ts';
import { disruptionSchema, type Disruption } from './disruption.ts';
import { principalSchema } from './principal.ts';
import { lossSchema } from './rebuild.ts';
import { restoreWaySchema } from './request.ts';

/** Wakes a remediation that waits for a person; the answer itself stands in its blob. An event that comes late wakes no other question. */
export function approvalEvent(about: Disruption): string {
  return `approval-${about}`;
}

/** Everything that a person says yes to: the yes counts for nothing else. */
export const planToApproveSchema = z.object({
  about: disruptionSchema,
  remediationId: z.string(),
  vmId: z.string(),
  osDiskUniqueId: z.string().nullable(),
  changes: z.array(changeSchema),
  restoreWay: restoreWaySchema,
  acceptLosses: z.array(lossSchema),
  policyVersion: z.string(),
});

const planHashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the plan hash from `question` in the record');

/** What is asked, in the record while it is waited for. */
export const questionSchema = z.object({
  about: disruptionSchema,
  /** Hash of the plan; whoever answers gives it back. */
  plan: planHashSchema,
  expiresAt: z.iso.datetime(),
});
export type Question = z.infer<typeof questionSchema>;

/** The body of an answer. Who gives it is whoever has signed in, and nothing that the body says. */
export const approvalRequestSchema = z.strictObject({
  approved: z.boolean().describe('False: denied.'),
  plan: planHashSchema.describe('The plan that was read: `question.plan` in the record.'),
});

/** An answer as it is kept. */
export const approvalSchema = z.strictObject({
  approved: z.boolean(),
  /** For people to read; empty where nobody answered. */
  by: z.string().max(1024),
  /** Those who gave it; empty for the holder of a key. */
  principals: z.array(principalSchema).max(2),
});
export type Approval = z.infer<typeof approvalSchema>;
