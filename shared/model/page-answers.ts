import * as z from 'zod';
import { vmAnswerSchema } from './answers.ts';
import { roleSchema } from './principal.ts';
import { outcomeKindSchema } from './record.ts';
import { modeSchema, sourceSchema } from './request.ts';

/** What `GET /page/me` answers: how one signs in to the page, who has, and what he may do. */
export const meAnswerSchema = z.object({
  signIn: z
    .enum(['key', 'entra', 'not-set-up'])
    .describe('`not-set-up`: sign-in uses a key, but RDP_MEDIC_SESSION_SECRET is not set.'),
  version: z.string(),
  open: z.boolean().describe('False if a setting is invalid and the service accepts no requests.'),
  accepting: z.boolean().describe('False while the kill switch is on.'),
  stranger: z.enum(['unknown', 'without-role']).optional().describe('Why the caller is not signed in.'),
  caller: z
    .object({
      name: z.string().optional(),
      roles: z.array(roleSchema),
      approves: z.enum(['by-role', 'by-secret', 'never']),
    })
    .optional(),
});
export type MeAnswer = z.infer<typeof meAnswerSchema>;

const momentSchema = z.iso.datetime();
const outcomesSchema = z
  .partialRecord(outcomeKindSchema, z.int())
  .describe('Number of remediations by outcome; outcomes with none are omitted.');

/** What `GET /api/counts` answers. */
export const countsAnswerSchema = z.object({
  running: z.int(),
  outcomes: outcomesSchema,
  subscriptions: z.array(
    z.object({ subscriptionId: z.string(), running: z.int(), outcomes: outcomesSchema }),
  ),
  days: z.array(z.object({ day: z.iso.date(), outcomes: outcomesSchema })).describe('Oldest first.'),
});
export type CountsAnswer = z.infer<typeof countsAnswerSchema>;

/** What `GET /api/queue` answers. */
export const queueAnswerSchema = z.object({
  queued: z.array(
    z.object({ vmId: z.string(), vm: vmAnswerSchema, since: momentSchema, reason: z.string() }),
  ),
  poison: z
    .array(
      z.object({
        id: z.string(),
        at: momentSchema,
        queue: z.string(),
        problem: z.object({ code: z.string(), message: z.string(), next: z.string() }),
        bytes: z.int(),
        vmId: z.string().optional(),
        vm: vmAnswerSchema.optional(),
        mode: modeSchema.optional(),
        source: sourceSchema.shape.kind.optional(),
        canRequeue: z.boolean(),
      }),
    )
    .describe('Newest first.'),
});
export type QueueAnswer = z.infer<typeof queueAnswerSchema>;

/** What `POST /api/queue/{message}/requeue` answers. */
export const requeueAnswerSchema = z.object({
  id: z.string(),
  vmId: z.string(),
  status: z.literal('requeued'),
});
