import * as z from 'zod';
import { causeIdSchema } from './cause.ts';

/** `fault` breaks RDP or would; `warning` deserves attention; `info` is evidence. */
export const severitySchema = z.enum(['fault', 'warning', 'info']);

/** One thing that was seen. `code` is a stable PascalCase word; `detail` is for people. */
export const findingSchema = z.object({
  cause: causeIdSchema.optional(),
  code: z.string().regex(/^[A-Z][A-Za-z0-9]+$/),
  severity: severitySchema,
  detail: z.string().default(''),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type Finding = z.infer<typeof findingSchema>;

/** One change that was made, with what stood there before and what stands there now. */
export const guestActionSchema = z.object({
  what: z.string(),
  target: z.string(),
  before: z.string().nullable().default(null),
  after: z.string().nullable().default(null),
});
export type GuestAction = z.infer<typeof guestActionSchema>;
