import { z } from 'zod';

/** Wakes a remediation that waits for a person; what was asked for stands in its `control.json`. */
export const CANCEL_EVENT = 'cancel';

/** Body of `POST /api/remediations/{id}/cancel`. */
export const cancelRequestSchema = z.strictObject({
  /** Who cancels, for the report. */
  by: z.string().min(1).max(256).optional(),
  /** A VM that the repair has taken down is left stopped, on its own disk, instead of being started again. */
  leaveStopped: z.boolean().default(false),
});

/** What was asked for, and when. */
export const cancellationSchema = cancelRequestSchema.extend({ at: z.iso.datetime() });
export type Cancellation = z.infer<typeof cancellationSchema>;
