import * as z from 'zod';
import { questionSchema } from './approval.ts';
import { cancellationSchema } from './cancellation.ts';
import { causeIdSchema } from './cause.ts';
import { commandsSchema, instructionSchema } from './commands.ts';
import { disruptionSchema } from './disruption.ts';
import { findingSchema, guestActionSchema } from './finding.ts';
import { ownerSchema } from './mandate.ts';
import { operationRecordSchema } from './operation-record.ts';
import { pendingSchema } from './pending.ts';
import { probeResultSchema } from './probe.ts';
import { remediationRequestSchema } from './request.ts';
import { keptDiskSchema, rollbackRecordSchema } from './rollback.ts';
import { securityRuleSchema } from './security-rule.ts';
import { undoKindSchema } from './undo.ts';

/** A moment, ISO 8601 in UTC (`2026-03-01T12:00:00.000Z`). */
const momentSchema = z.iso.datetime();

/** An error as it travels: a code of `shared/errors.ts`, what happened, and what the operator can do. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The steps of a remediation in the order in which they may run. */
export const STEP_IDS = [
  'preflight',
  'probe',
  'diagnose',
  'snapshot',
  'rdp-security',
  'rdp-port',
  'certificate-and-keys',
  'tls',
  'rehearsal',
  'approval',
  'offline-repair',
  'restore',
  'verify',
  'clean-up',
] as const;
export const stepIdSchema = z.enum(STEP_IDS);
export type StepId = z.infer<typeof stepIdSchema>;

/**
 * - `running`: not ended yet (only in the record of a remediation that goes on);
 * - `done`: did its work; it was not there to repair anything (snapshot, probe, clean-up);
 * - `not-needed`: its fault is not there;
 * - `fixed`: its fault was there and is gone;
 * - `failed`: its fault is still there, or the step could not do its work;
 * - `skipped`: not reached or not allowed; `detail` says why.
 */
export const stepStateSchema = z.enum(['running', 'done', 'not-needed', 'fixed', 'failed', 'skipped']);
export type StepState = z.infer<typeof stepStateSchema>;

/** A kept piece of evidence, such as the full output of a script. */
export const evidenceSchema = z.object({ name: z.string(), url: z.string() });

/** One step: what it found, what it changed, what is still there, when, and where the evidence lies. */
export const stepRecordSchema = z.object({
  id: stepIdSchema,
  title: z.string(),
  state: stepStateSchema,
  startedAt: momentSchema,
  /** Missing while the step runs. */
  endedAt: momentSchema.optional(),
  /** What was seen before anything was changed. */
  findings: z.array(findingSchema),
  actions: z.array(guestActionSchema),
  /** The faults still there afterwards. */
  remaining: z.array(findingSchema),
  /** What RDP said on the wire after the step, if it was asked. */
  probe: probeResultSchema.optional(),
  evidence: z.array(evidenceSchema),
  /** One or two sentences for people; may be empty. */
  detail: z.string(),
  error: problemSchema.optional(),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

/** Where a remediation stands. */
export const phaseSchema = z.enum([
  'preflight',
  'snapshot',
  'rdp-security',
  'online',
  'rehearsal',
  'approval',
  'offline',
  'restore',
  'verify',
  'undo',
  'clean-up',
  'ended',
]);
export type Phase = z.infer<typeof phaseSchema>;

/**
 * How a remediation ended:
 * - `repaired-online` / `repaired-offline`: RDP answers again, seen from outside;
 * - `healthy`: RDP answered from the start, nothing was changed;
 * - `diagnosed`: mode `diagnose`, or `rehearse` (the dry run, whose plan tells what would be done): nothing was changed;
 * - `refused`: preflight said no before anything was touched, see `refusals`;
 * - `set-by-policy`: the fix holds until the next policy refresh: an Active Directory policy sets the fault, and must
 *   be changed there;
 * - `not-fixed`: everything allowed was tried; what is not as it was found, `changes` names;
 * - `failed`: something broke on the way, see `errors`; as `not-fixed`, or `advice` says how the VM is;
 * - `cancelled`: an operator stopped it; as `not-fixed`;
 * - `rolled-back`: the VM is back on the disk that it had before an earlier remediation, as a person asked for.
 */
export const outcomeKindSchema = z.enum([
  'repaired-online',
  'repaired-offline',
  'healthy',
  'diagnosed',
  'refused',
  'set-by-policy',
  'not-fixed',
  'failed',
  'cancelled',
  'rolled-back',
]);
export type OutcomeKind = z.infer<typeof outcomeKindSchema>;

export const outcomeSchema = z.object({
  kind: outcomeKindSchema,
  /** One sentence: the verdict. */
  summary: z.string(),
  /** The causes that were found (and, when repaired, fixed). */
  causes: z.array(causeIdSchema),
  /** The port RDP answers on now, where known. */
  rdpPort: z.int().min(1).max(65535).optional(),
});

/** One reason why preflight refuses, with what the operator can do about it. */
export const refusalSchema = z.object({ code: z.string(), message: z.string(), next: z.string() });
export type Refusal = z.infer<typeof refusalSchema>;

/** What will be (or would have been) done, in sentences for people. */
export const planRecordSchema = z.object({
  lines: z.array(z.string()),
  /** How long the VM may be out of service and why; empty when it will not be. */
  downtime: z.string(),
  /** What is lost on the way, such as the temporary disk or a dynamic public address. */
  losses: z.array(z.string()),
  /** What it costs on Azure's bill, about; missing in records from before that was told. */
  costs: z.array(z.string()).optional(),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

/** An undo of the list that was unwound (last in, first out), and whether it worked. */
export const undoRecordSchema = z.object({
  kind: undoKindSchema.optional(),
  description: z.string(),
  done: z.boolean(),
  error: problemSchema.optional(),
  /** What it changed back. */
  actions: z.array(guestActionSchema).optional(),
  startedAt: momentSchema.optional(),
  endedAt: momentSchema.optional(),
  evidence: z.array(evidenceSchema).optional(),
});

/** One thing that is different from how it was found. */
export const changeLeftSchema = guestActionSchema.extend({
  /** A sentence; empty where there is nothing to take back. Records from before `commands` hold commands in it. */
  takeBack: z.string(),
  /** The same to type: each block a way of its own, the lines of a block one after the other. */
  commands: z.array(commandsSchema).optional(),
});
export type ChangeLeft = z.infer<typeof changeLeftSchema>;

/** When the VM was down, or restarted, because of us: measured, by the orchestration's own time. */
export const outageSchema = z.object({
  why: z.enum(['offline-repair', 'restart', 'rollback']),
  /** When it was asked to stop. */
  from: momentSchema,
  /** When Azure said that it runs again. */
  runningAt: momentSchema.optional(),
  /** When RDP was first seen to answer afterwards; missing where it did not. */
  answeredAt: momentSchema.optional(),
});
export type Outage = z.infer<typeof outageSchema>;

/** A person's answer to a question. */
export const approvalRecordSchema = z.object({
  about: disruptionSchema,
  approved: z.boolean(),
  /** Empty where nobody answered in time. */
  by: z.string(),
  at: momentSchema,
  /** Hash of the plan that was answered. */
  plan: z.string(),
});

export const vmRecordSchema = z.object({
  /** Canonical resource id. */
  id: z.string(),
  name: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  location: z.string().optional(),
  /** `V1` or `V2`. */
  generation: z.string().optional(),
  osVersion: z.string().optional(),
});

/** The whole story of one attempt on one VM: what `record.json` holds and every report is made from. */
export const remediationRecordSchema = z.object({
  schema: z.literal(1),
  /** `rem-<hash of the VM id>-<attempt>`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,127}$/),
  attempt: z.int().min(1),
  vm: vmRecordSchema,
  request: remediationRequestSchema,
  /** Of the policy that let it in; `none`: no file was set, and nothing but a diagnosis is done. */
  policyVersion: z.string().optional(),
  startedAt: momentSchema,
  endedAt: momentSchema.optional(),
  phase: phaseSchema,
  owner: ownerSchema,
  /** What whoever takes it over would have to know, should it be lost; missing once it has ended. */
  pending: pendingSchema.optional(),
  outcome: outcomeSchema.optional(),
  refusals: z.array(refusalSchema),
  plan: planRecordSchema.optional(),
  /** What a person is waited for to say. */
  question: questionSchema.optional(),
  probeBefore: probeResultSchema.optional(),
  probeAfter: probeResultSchema.optional(),
  snapshot: z.object({ id: z.string(), name: z.string(), expiresAt: momentSchema }).optional(),
  /** The OS disk as it was found, kept for a rollback. */
  originalDisk: keptDiskSchema.optional(),
  /** Goes back to the disk that an earlier remediation has kept, instead of repairing. */
  rollback: rollbackRecordSchema.optional(),
  steps: z.array(stepRecordSchema),
  /** What Azure did, oldest first; missing in records from before it was kept. */
  operations: z.array(operationRecordSchema).optional(),
  /** Security rules as they were (`null`: not there) and as they are: what whoever rolls back writes or deletes. */
  changedRules: z
    .array(z.object({ before: securityRuleSchema.nullable(), after: securityRuleSchema }))
    .optional(),
  /** What is different from how the VM was found, oldest first; missing until it has ended. */
  changes: z.array(changeLeftSchema).optional(),
  /** Who called it off, and how it was to end. */
  cancelled: cancellationSchema.optional(),
  /** Oldest first; missing in records from before it was measured. */
  outages: z.array(outageSchema).optional(),
  /** How long the repair of a copy took in the rehearsal, and how long the VM would be down by that, in seconds. */
  rehearsed: z.object({ seconds: z.number(), downtimeSeconds: z.number() }).optional(),
  /** Of the rescue VM that was built. */
  rescueVmSize: z.string().optional(),
  /** The resource group in which the rescue VM is made, where that is not the VM's own. */
  rescueGroup: z.string().optional(),
  approvals: z.array(approvalRecordSchema).optional(),
  /** The VM is down against our will since then, and is tried to be brought up. */
  downSince: momentSchema.optional(),
  /** What was unwound after a failure. */
  undo: z.array(undoRecordSchema),
  /** Resource ids: gone, kept on purpose, and still there against our will. */
  cleanup: z.object({
    removed: z.array(z.string()),
    kept: z.array(z.string()),
    leftovers: z.array(z.string()),
  }),
  errors: z.array(problemSchema),
  warnings: z.array(z.string()),
  /** What the operator does next, in words: the state of the VM now, the snapshot's id, the way back. */
  advice: z.array(z.string()),
  /** What to type for those of the advice that can be typed; `words` is the same sentence. */
  instructions: z.array(instructionSchema).optional(),
});
export type RemediationRecord = z.infer<typeof remediationRecordSchema>;
