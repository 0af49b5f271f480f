import { z } from 'zod';
import { causeIdSchema } from './cause.ts';

/** `fault` breaks RDP or would; `warning` deserves attention; `info` is evidence. */
export const severitySchema = z.enum(['fault', 'warning', 'info']);

/** One thing a script saw. `code` is a stable PascalCase word; `detail` is for people. */
export const findingSchema = z.object({
  cause: causeIdSchema.optional(),
  code: z.string().regex(/^[A-Z][A-Za-z0-9]+$/),
  severity: severitySchema,
  detail: z.string().default(''),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type Finding = z.infer<typeof findingSchema>;

/** One change a script made, with what stood there before and what stands there now. */
export const guestActionSchema = z.object({
  what: z.string(),
  target: z.string(),
  before: z.string().nullable().default(null),
  after: z.string().nullable().default(null),
});
export type GuestAction = z.infer<typeof guestActionSchema>;

/**
 * What a guest script reports in its last line (design, section 4). The field names are the wire's:
 * PowerShell writes them (`guest/lib/rdp-medic.ps1`), this schema reads them.
 */
export const guestResultSchema = z.object({
  schema: z.literal(1),
  /** `online/tls`, `offline/tls`, `online/diagnose` … */
  script: z.string(),
  /** False when the script could not do its work; then `error` says why. */
  ok: z.boolean(),
  changed: z.boolean(),
  /** What was seen before anything was changed. */
  findings: z.array(findingSchema),
  actions: z.array(guestActionSchema),
  /** The faults still there after the repair; empty when the repair worked. */
  remaining: z.array(findingSchema),
  /** Whether the change needs a restart of the VM to count. */
  restart: z.enum(['none', 'vm']),
  /** Small facts for the caller, such as `rdpPort` or `newPort`. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type GuestResult = z.infer<typeof guestResultSchema>;

/** What the last line of a guest script's output starts with. */
export const RESULT_MARKER = 'RDP-MEDIC-RESULT ';
