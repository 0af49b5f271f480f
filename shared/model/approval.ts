import { z } from 'zod';

/** External event by which a person approves or refuses the offline repair. */
export const APPROVAL_EVENT = 'approval';

/** What a person answers when the policy asks before a VM is taken offline. */
export const approvalSchema = z.strictObject({
  approved: z.boolean(),
  /** Who says so; kept in the record. */
  by: z.string().max(256).default(''),
});
