import * as z from 'zod';

/** What Azure Policy would say to a change of a VM; `null` where the service may not ask. */
export const policyDenialsSchema = z.object({
  /** Ids of the assignments that would deny it. */
  assignments: z.array(z.string()).nullable(),
});
export type PolicyDenials = z.infer<typeof policyDenialsSchema>;
