import * as z from 'zod';
import { outcomeKindSchema, phaseSchema, remediationRecordSchema } from './record.ts';

/** What the service's own addresses answer with: the OpenAPI document is made of these, and clients read answers by them. */

const momentSchema = z.iso.datetime();

/** Problem details (RFC 9457). */
export const problemAnswerSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe('Error code: a section of docs/errors.md.'),
  next: z.string().describe('What to do about it.'),
  rule: z.string().optional().describe('The policy rule that refused the request.'),
  vmId: z.string().optional(),
  explain: z.string().optional().describe('Link to the verdict of each policy rule.'),
});
export type ProblemAnswer = z.infer<typeof problemAnswerSchema>;

export const acceptedAnswerSchema = z.object({
  status: z.enum(['started', 'joined', 'queued']),
  vmId: z.string(),
  id: z.string().optional().describe('Missing while the request is queued.'),
  location: z.string().optional(),
  reason: z.string().optional(),
});
export type AcceptedAnswer = z.infer<typeof acceptedAnswerSchema>;

/** The record; or, right after the start, that there is none yet. */
export const remediationAnswerSchema = z.union([
  remediationRecordSchema,
  z.object({ id: z.string(), vmId: z.string(), phase: z.literal('starting') }),
]);

/** A VM by the parts of its id, lower-cased. */
export const vmAnswerSchema = z.object({
  name: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
});

export const summaryAnswerSchema = z.object({
  id: z.string(),
  vmId: z.string(),
  phase: phaseSchema,
  outcome: outcomeKindSchema.optional(),
  startedAt: momentSchema,
  endedAt: momentSchema.optional(),
  vm: vmAnswerSchema,
  step: z.string().optional().describe('The current step, while it is running.'),
  lost: z
    .boolean()
    .optional()
    .describe('While it is running: whether its Durable Functions instance is lost.'),
});
export type SummaryAnswer = z.infer<typeof summaryAnswerSchema>;

export const listAnswerSchema = z.object({
  remediations: z.array(summaryAnswerSchema).describe('Newest first.'),
  total: z.int().describe('Number of matches on all pages.'),
  next: z.string().optional().describe('What to send as `after` for the next page; missing on the last.'),
  queued: z
    .array(z.object({ vmId: z.string(), since: momentSchema, reason: z.string() }))
    .describe('VMs with a queued request.'),
  poison: z
    .array(
      z.object({
        id: z.string(),
        at: momentSchema,
        queue: z.string(),
        problem: z.object({ code: z.string(), message: z.string() }),
      }),
    )
    .describe('Messages that could not be processed.'),
});
export type ListAnswer = z.infer<typeof listAnswerSchema>;

export const verdictAnswerSchema = z.object({
  rule: z.string(),
  verdict: z.enum(['allows', 'refuses', 'waits', 'asks']),
  reason: z.string(),
});

/** What the policy says of a VM. */
export const explainAnswerSchema = z.object({
  vmId: z.string(),
  mode: z.string(),
  source: z.string(),
  decision: z.enum(['allowed', 'allowed-after-approval', 'wait', 'refused']),
  decidedBy: z.string().optional(),
  verdicts: z.array(verdictAnswerSchema),
  vm: z.object({ osType: z.string(), powerState: z.string() }),
});
export type ExplainAnswer = z.infer<typeof explainAnswerSchema>;

export const approvalAnswerSchema = z.object({
  id: z.string(),
  approved: z.boolean().optional(),
  status: z.literal('waits-for-another-approver').optional(),
});

export const cancelAnswerSchema = z.object({ id: z.string(), status: z.literal('cancelling') });

export const healthAnswerSchema = z.object({
  status: z.enum(['ok', 'degraded', 'closed']),
  version: z.string(),
  accepting: z.boolean(),
  reason: z.string().optional(),
});
export type HealthAnswer = z.infer<typeof healthAnswerSchema>;
