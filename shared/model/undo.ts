import * as z from 'zod';
import { expectedSchema } from './expected.ts';
import { vmDefinitionSchema } from './rebuild.ts';
import { securityRuleSchema } from './security-rule.ts';

/** Of a deed on a VM that may have to be taken back. */
const taken = {
  schema: z.literal(1),
  vmId: z.string(),
  /** The intent of the deed: where it is missing, nothing was ever asked for, and nothing is taken back. */
  intent: z.string(),
  /** How the VM stood after the last deed of ours; what is otherwise was changed by somebody else. */
  expected: expectedSchema,
};

/**
 * How to take a change back, as plain data. Registered *before* the change is asked for, since an answer may be
 * lost; so each must be harmless where the change never happened, and safe to run twice.
 */
export const undoSchema = z.discriminatedUnion('kind', [
  /** Deletes a rule we added, if it still stands as we left it. */
  z.object({ kind: z.literal('delete-security-rule'), rule: securityRuleSchema }),
  /** Takes back what a run of changes wrote in the running Windows, by the journal it left there; nothing where it left none. */
  z.object({
    kind: z.literal('undo-guest-changes'),
    schema: z.literal(1),
    vmId: z.string(),
    /** Number of that run. */
    run: z.string().regex(/^[0-9a-f]{32}$/),
  }),
  /** Starts the VM again: it ran when it was found. */
  z.object({
    kind: z.literal('start-vm'),
    ...taken,
    /** What may have left it down, where that leaves it no further down than stopped. */
    deed: z.literal('restart').optional(),
  }),
  /** Puts the original OS disk back under the VM, by the way it was taken away. */
  z.object({
    kind: z.literal('restore-os-disk'),
    ...taken,
    diskId: z.string(),
    /** Of the original: another disk of its name is not put under the VM. */
    diskUniqueId: z.string(),
    way: z.enum(['swap', 'rebuild']),
    /** The copy, which was released from our tags before it went under the VM. */
    copyId: z.string(),
    /** Where a disk that an earlier remediation keeps takes the place of a copy: whose it is again, and until when. */
    kept: z.object({ remediationId: z.string(), expiresAt: z.string() }).optional(),
    /** Needed by a rebuild. */
    definition: vmDefinitionSchema.nullable(),
  }),
]);
export type Undo = z.infer<typeof undoSchema>;
export type UndoOf<Kind extends Undo['kind']> = Extract<Undo, { kind: Kind }>;

export const undoKindSchema = z.enum([
  'delete-security-rule',
  'undo-guest-changes',
  'start-vm',
  'restore-os-disk',
] satisfies Undo['kind'][]);
