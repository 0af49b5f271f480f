import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ArmAnswer } from '../http.ts';
import type { IdentityEndpoint } from './identity.ts';

const LIFETIME_SECONDS = 3599;
/** Entra's own, and those of AD FS, whose only tenant is called `adfs`. */
const TOKEN = /^\/(?:[^/?]+\/oauth2\/v2\.0|adfs\/oauth2)\/token(?:\?|$)/;
const METADATA = /^\/(?:([^/?]+)\/v2\.0|adfs)\/\.well-known\/openid-configuration(?:\?|$)/;

/** Whether a path is Entra's, not ARM's: the lab answers both at one address. */
export function isSignIn(url = ''): boolean {
  return TOKEN.test(url) || METADATA.test(url);
}

/**
 * Entra as far as a service principal needs it: the metadata by which clients find its addresses, and the client credentials grant with a
 * secret (learn.microsoft.com, v2-oauth2-client-creds-grant-flow; errors AADSTS7000215, 700016 and 70003 by the page of error codes).
 */
export async function signIn(
  identity: Pick<IdentityEndpoint, 'operator' | 'issue'>,
  origin: string,
  incoming: IncomingMessage,
): Promise<ArmAnswer> {
  const asked = METADATA.exec(incoming.url ?? '');
  if (asked) {
    const [, tenant] = asked;
    const base = tenant === undefined ? `${origin}/adfs` : `${origin}/${tenant}`;
    return { status: 200, body: metadata(base, tenant === undefined ? '' : '/v2.0') };
  }
  const given = new URLSearchParams(await text(incoming));
  const { operator } = identity;
  if (given.get('grant_type') !== 'client_credentials')
    return refused(
      400,
      'unsupported_grant_type',
      'AADSTS70003: The app requested an unsupported grant type.',
    );
  if (given.get('client_id') !== operator.clientId)
    return refused(400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory.');
  if (given.get('client_secret') !== operator.secret)
    return refused(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: LIFETIME_SECONDS,
      ext_expires_in: LIFETIME_SECONDS,
      access_token: identity.issue(LIFETIME_SECONDS, operator),
    },
  };
}

function metadata(base: string, version: string): ArmAnswer['body'] {
  return {
    issuer: `${base}${version}`,
    token_endpoint: `${base}/oauth2${version}/token`,
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    device_authorization_endpoint: `${base}/oauth2${version}/devicecode`,
  };
}

function refused(status: number, error: string, description: string): ArmAnswer {
  return { status, body: { error, error_description: description } };
}
