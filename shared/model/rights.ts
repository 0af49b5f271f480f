import * as z from 'zod';

/** Actions of a role that are needed on a scope: a resource group, or a resource in it. */
export const neededSchema = z.object({ scope: z.string(), actions: z.array(z.string()) });
export type Needed = z.infer<typeof neededSchema>;

/** What the service's own permissions say of what it needs. */
export const rightsSchema = z.object({
  /** Needed, and granted neither on the resource nor on its group. */
  missing: z.array(z.object({ scope: z.string(), action: z.string() })),
  /** Granted, and forbidden all the same by a deny assignment, of this name and scope. */
  denied: z.array(z.object({ scope: z.string(), action: z.string(), by: z.string() })).default([]),
  /** Scopes whose permissions the service may not read: what needs them may be missing something. */
  unread: z.array(z.string()),
});
export type Rights = z.infer<typeof rightsSchema>;

/** Something of each for what comes before the offline repair, and for the offline repair with its rehearsal. */
export interface ByPart<T> {
  always: T;
  offline: T;
}
