import * as z from 'zod';

/** Wakes a remediation that waits for a person; what was asked for stands in its `control.json`. */
export const CANCEL_EVENT = 'cancel';

/** Body of `POST /api/remediations/{id}/cancel`. */
export const cancelRequestSchema = z.strictObject({
  by: z.string().min(1).max(256).optional().describe('Who cancels, for the report.'),
  leaveStopped: z
    .boolean()
    .default(false)
    .describe('True: a VM that the repair stopped stays stopped, with its original disk.'),
});

/** What was asked for, and when. */
export const cancellationSchema = cancelRequestSchema.extend({ at: z.iso.datetime() });
export type Cancellation = z.infer<typeof cancellationSchema>;
