import type { TokenCredential } from '@azure/identity';
import * as z from 'zod';

const claims = z.object({ oid: z.string() });

/**
 * The object id of whoever holds the credential, as the token says it (learn.microsoft.com, identity-platform, access-token-claims-reference,
 * `oid`); `undefined` where the token tells nothing.
 */
export async function readPrincipal(credential: TokenCredential, scope: string): Promise<string | undefined> {
  const token = await credential.getToken(scope);
  const payload = token?.token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data?.oid;
  } catch {
    return undefined;
  }
}
