import { z } from 'zod';

/** Wakes a remediation that waits for a person; the answer itself stands in its `approval.json`. */
export const APPROVAL_EVENT = 'approval';

/** What a person answers when the policy asks before a VM is taken offline. */
export const approvalSchema = z.strictObject({
  approved: z.boolean(),
  /** Who says so; kept in the record. */
  by: z.string().max(256).default(''),
});
export type Approval = z.infer<typeof approvalSchema>;
