import type { TokenCredential } from '@azure/identity';
import * as z from 'zod';
import { missing, ok, type Check } from './check.ts';

/** Claims of an access token that name whom it was given to (learn.microsoft.com, access token claims reference). */
const claimsSchema = z.object({
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  appid: z.string().optional(),
  oid: z.string().optional(),
  tid: z.string().optional(),
});
type Claims = z.infer<typeof claimsSchema>;

const PUBLIC_AUDIENCE = 'https://management.azure.com';

export interface SignIn {
  check: Check;
  /** Object id of whoever has signed in, for role assignments; `<object id>` where the token does not say. */
  objectId: string;
  isSignedIn: boolean;
}

/** Whether Azure gives a token, and to whom. The token itself is never shown. */
export async function checkSignIn(credential: TokenCredential, audience = PUBLIC_AUDIENCE): Promise<SignIn> {
  try {
    const token = await credential.getToken(`${audience}/.default`);
    const { upn, unique_name: name, appid, oid, tid } = claimsOf(token?.token ?? '');
    const who = upn ?? name ?? (appid === undefined ? 'an identity' : `application ${appid}`);
    const of = tid === undefined ? '' : ` in tenant ${tid}`;
    return {
      check: ok('sign-in', `Signed in to Azure as ${who}${of}.`),
      objectId: oid ?? '<object id>',
      isSignedIn: true,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const check = missing(
      'sign-in',
      `Could not get a token for Azure. ${reason}`,
      'az login',
      'Or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of a service principal.',
    );
    return { check, objectId: '<object id>', isSignedIn: false };
  }
}

/** Read without proof: they are only told, and Azure itself judges the token. */
function claimsOf(token: string): Claims {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return claimsSchema.safeParse(claims).data ?? {};
  } catch {
    return {};
  }
}
