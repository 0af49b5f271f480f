import * as z from 'zod';
import { isTooWide } from './address-prefix.ts';
import { principalSchema } from './principal.ts';
import { lossSchema } from './rebuild.ts';
import { rollbackSchema } from './rollback.ts';
import { vmIdSchema } from './vm-id.ts';

/**
 * How far a remediation may go: look only; repair through the VM agent; rehearse the offline repair on a copy of the disk and change
 * nothing (the dry run); or also take the VM down.
 */
export const modeSchema = z.enum(['diagnose', 'online', 'rehearse', 'full']);
export type Mode = z.infer<typeof modeSchema>;

/** How the repaired OS disk gets back under the VM: swap it in place, or rebuild the VM around it. */
export const restoreWaySchema = z.enum(['swap', 'rebuild']);
export type RestoreWay = z.infer<typeof restoreWaySchema>;

/** An address or CIDR block that may reach RDP after the NSG has been restricted. */
export const addressPrefixSchema = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
  .refine((prefix) => !isTooWide(prefix), {
    error: 'is too wide (the limit is IPv4 /8, IPv6 /19): use the networks of your administrators',
  });

export const optionsSchema = z.strictObject({
  adminAddresses: z
    .array(addressPrefixSchema)
    .max(64)
    .default([])
    .describe('Addresses that may reach RDP from outside; empty: a rule that opens it is only reported.'),
  restoreWay: restoreWaySchema
    .default('swap')
    .describe('How the repaired disk gets back: by swapping the OS disk, or by rebuilding the VM.'),
  acceptLosses: z
    .array(lossSchema)
    .max(16)
    .default([])
    .describe('What a rebuild may lose; it is refused if it would lose anything else.'),
  newRdpPort: z
    .int()
    .min(1024)
    .max(65535)
    .optional()
    .describe('Port for RDP if another program holds its port and cannot be stopped; default: a free one.'),
  legacyTls: z.boolean().default(false).describe('True: also enable TLS 1.0 and 1.1.'),
  peerVmId: vmIdSchema
    .optional()
    .describe('A working VM on the same network, from which the certificate can be deleted remotely.'),
  keepDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe('Days for which the snapshot and the original disk are kept for a rollback.'),
});
export type Options = z.infer<typeof optionsSchema>;

export const sourceSchema = z.strictObject({
  kind: z.enum(['manual', 'operator', 'alert', 'ticket', 'queue']),
  /** The sender's own id of what it sent: alert id, ticket key, message id. */
  id: z.string().max(512).optional(),
  /** Who asked, where that is a person or a program in Entra ID: told, and never the one who approves. */
  by: principalSchema.optional(),
  /** Which connector or alert rule it came from. */
  name: z.string().max(256).optional(),
  /** Where progress is told, for a ticket: checked against its connector's allow-list here and at each call. */
  replyTo: z.url().max(2048).optional(),
});
export type RequestSource = z.infer<typeof sourceSchema>;

/** What whatever comes in becomes: one validated shape (docs/how-to-send-requests.md). */
export const remediationRequestSchema = z.strictObject({
  vmId: vmIdSchema,
  source: sourceSchema,
  mode: modeSchema.default('full'),
  options: optionsSchema.prefault({}),
});
export type RemediationRequest = z.infer<typeof remediationRequestSchema>;

/** What the orchestration is started with; made by `functions/triggers/start.ts` alone. */
export const remediationInputSchema = z.strictObject({
  request: remediationRequestSchema,
  /** Id of this attempt: the durable instance id, when it was started, and four random digits. */
  remediationId: z.string().regex(/^vm-[0-9a-f]{32}-[0-9]{17}-[0-9a-f]{4}$/),
  /** Number of this attempt on this VM, from 1. */
  attempt: z.int().min(1),
  /** Whether the policy wants a person to approve before the VM is taken offline. */
  approval: z.enum(['not-needed', 'before-offline']),
  /** Of the policy that let it in; `none` while no file is set. */
  policyVersion: z.string().optional(),
  /** Task hub of the engine that carries it on. */
  hub: z.string(),
  /** Which of those that carry it on this one is: the first, or one that took it over after it was lost. */
  epoch: z.int().min(1),
  /** Goes back to the disk that an earlier one has kept, instead of repairing. */
  rollback: rollbackSchema.optional(),
});
export type RemediationInput = z.infer<typeof remediationInputSchema>;
