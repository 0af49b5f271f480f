import * as z from 'zod';
import { changeSchema } from './change.ts';
import { guestAnswerSchema } from './guest-answer.ts';
import { maker } from './mandate.ts';
import { evidenceSchema } from './record.ts';

/** Which Windows a script is to look at: the one it runs in, or one on a disk that is attached at a LUN. */
export const windowsSchema = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('online') }),
  z.object({
    scope: z.literal('offline'),
    lun: z.int().min(0).max(63),
    /** It is a copy to rehearse on: marked as one, and never taken for another. */
    rehearsal: z.literal(true).optional(),
  }),
]);
export type WindowsAt = z.infer<typeof windowsSchema>;

const runNumberSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** What a script is to do. */
export const guestTaskSchema = z.discriminatedUnion('script', [
  z.object({ script: z.literal('collect'), windows: windowsSchema }),
  z.object({
    script: z.literal('apply'),
    windows: windowsSchema,
    changes: z.array(changeSchema).max(64),
    /** Instead of changes: the number of an earlier run, which is taken back. */
    undo: runNumberSchema.optional(),
    /** Whether Windows is looked at before them as well. */
    lookFirst: z.boolean().optional(),
    /** The machine has passed the self-test before. */
    tested: z.boolean().optional(),
  }),
  z.object({
    script: z.literal('peer-certificate'),
    /** Private IPv4 address of the broken VM. */
    computer: z.ipv4(),
    thumbprints: z.array(z.string().regex(/^[0-9A-F]{1,64}$/)).max(16),
  }),
]);
export type GuestTask = z.infer<typeof guestTaskSchema>;

/** What is to be run where. */
export const guestRunInputSchema = z.object({
  vmId: z.string(),
  task: guestTaskSchema,
  /** Tells this run's answer from whatever else prints in the guest. */
  nonce: runNumberSchema,
  ...maker,
  /** Tells two runs of one script in one remediation apart. */
  runName: z.string(),
  /** Region of the VM, where it is known. */
  location: z.string().optional(),
  /** After so many seconds it is first worth asking whether it has ended. */
  usualSeconds: z.number().optional(),
});
export type GuestRunInput = z.infer<typeof guestRunInputSchema>;

/** One run of a guest script on a VM: what it answered, and where its whole output lies. */
export const guestRunSchema = z.object({ answer: guestAnswerSchema, evidence: z.array(evidenceSchema) });
export type GuestRun = z.infer<typeof guestRunSchema>;
