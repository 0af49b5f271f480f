import * as z from 'zod';

/** What people of a tenant may be given (app roles): to ask, to approve what others asked, to do what is out of the ordinary. */
export const ROLES = ['Request', 'Approve', 'Operate'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Header in which an approver sends the secret of approvers, where callers have keys. */
export const APPROVER_HEADER = 'x-rdp-medic-approver';

/** Somebody in Entra ID: by tenant and object, which nobody can choose for himself, unlike a name. */
export const principalSchema = z.strictObject({
  tid: z.guid(),
  oid: z.guid(),
  /** For people to read; never compared. */
  name: z.string().max(256),
});
export type Principal = z.infer<typeof principalSchema>;

/** Who calls. */
export interface Caller {
  /** `undefined` for the holder of a key, which is not a person. */
  readonly principal: Principal | undefined;
  /** A program with a token of its own: it never approves. */
  readonly isApp: boolean;
  readonly roles: readonly Role[];
}

export function isSamePrincipal(one: Principal, other: Principal): boolean {
  return (
    one.tid.toLowerCase() === other.tid.toLowerCase() && one.oid.toLowerCase() === other.oid.toLowerCase()
  );
}
