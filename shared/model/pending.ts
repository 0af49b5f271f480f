import * as z from 'zod';
import { askedSchema, expectedSchema } from './expected.ts';
import { inspectionSchema } from './inspection.ts';
import { undoSchema } from './undo.ts';

/**
 * What whoever takes a lost remediation over must know to take it back: kept in the record before each deed, so that losing the
 * durable engine with all its histories loses no way back.
 */
export const pendingSchema = z.object({
  schema: z.literal(1),
  /** The VM as it was found; it may be gone by then. */
  vm: inspectionSchema,
  expected: expectedSchema.nullable(),
  /** The deed whose end has not been looked at. */
  asked: askedSchema.optional(),
  deeds: z.int(),
  deletedBy: z.string().optional(),
  /** Since when Windows may write to the other disk that was put under the VM. */
  otherDiskSince: z.iso.datetime().optional(),
  /** Last in, first out. */
  undo: z.array(undoSchema),
});
export type Pending = z.infer<typeof pendingSchema>;
