import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import {
  APPROVER_HEADER,
  principalSchema,
  roleSchema,
  type Caller,
  type Role,
} from '../../shared/model/principal.ts';
import type { TriggerDependencies } from './dependencies.ts';

const headerSchema = z.object({
  auth_typ: z.literal('aad'),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).min(1),
});
type Claims = z.infer<typeof headerSchema>['claims'];

/** A claim's short name, and the long one under which App Service may hand it on. */
const CLAIMS = {
  tid: ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'],
  oid: ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  sub: ['sub', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier'],
  scope: ['scp', 'http://schemas.microsoft.com/identity/claims/scope'],
  name: ['preferred_username', 'upn', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'],
  role: ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
  kind: ['idtyp'],
} as const;

/** With a function key alone; whoever has the approvers' secret as well has the rest. */
const ROLES_OF_KEY: readonly Role[] = ['Request'];
const ROLES_OF_APPROVER: readonly Role[] = ['Request', 'Approve', 'Operate'];

type Deps = Pick<TriggerDependencies, 'auth' | 'tenant' | 'approverSecret'>;

/**
 * Who calls; `undefined` for nobody known. With keys the host has let the caller in already. With Entra ID it is whom App Service
 * authentication has signed in: it sets `x-ms-client-principal` and strips what a caller sent under that name, so the header can be
 * trusted where that feature is on, and the app takes nothing in where it is not.
 */
export function callerOf(request: HttpRequest, { auth, tenant, approverSecret }: Deps): Caller | undefined {
  if (auth === 'entra') return signedIn(request.headers.get('x-ms-client-principal'), tenant);
  const approves =
    approverSecret !== undefined && isSame(request.headers.get(APPROVER_HEADER), approverSecret);
  return { principal: undefined, isApp: false, roles: approves ? ROLES_OF_APPROVER : ROLES_OF_KEY };
}

function signedIn(header: string | null, tenant: string | undefined): Caller | undefined {
  const claims = header === null ? undefined : claimsIn(header);
  if (!claims) return undefined;
  const one = (name: keyof typeof CLAIMS): string | undefined => valuesOf(claims, name)[0];
  const principal = principalSchema.safeParse({
    tid: one('tid'),
    oid: one('oid'),
    name: (one('name') ?? one('oid') ?? '').slice(0, 256),
  }).data;
  // Whoever administers another tenant can give its people any role of an app that is open to many tenants.
  if (!principal || principal.tid.toLowerCase() !== tenant?.toLowerCase()) return undefined;
  const roles = valuesOf(claims, 'role').flatMap((role) => roleSchema.safeParse(role).data ?? []);
  return { principal, isApp: !isPerson(claims), roles };
}

/** A program's own token has neither scope nor user name, and its subject is the program itself. */
function isPerson(claims: Claims): boolean {
  const has = (name: keyof typeof CLAIMS): boolean => valuesOf(claims, name).length > 0;
  if (valuesOf(claims, 'kind').includes('app')) return false;
  const [subject] = valuesOf(claims, 'sub');
  const [object] = valuesOf(claims, 'oid');
  return subject !== object && (has('scope') || has('name'));
}

function claimsIn(header: string): Claims | undefined {
  try {
    const principal: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    return headerSchema.safeParse(principal).data?.claims;
  } catch {
    return undefined;
  }
}

function valuesOf(claims: Claims, name: keyof typeof CLAIMS): string[] {
  const names: readonly string[] = CLAIMS[name];
  return claims.filter(({ typ }) => names.includes(typ)).map(({ val }) => val);
}

/** In a time that tells nothing of how much of it is right. */
function isSame(given: string | null, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(secret));
}
