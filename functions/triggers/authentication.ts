import { z } from 'zod';
import { problem } from '../../shared/errors.ts';
import { problemResponse, type Endpoint } from './http.ts';

const principalSchema = z.object({ auth_typ: z.literal('aad'), claims: z.array(z.unknown()).min(1) });

/**
 * Lets only callers through whom App Service authentication ("Easy Auth") has signed in with Entra ID. It
 * sets `x-ms-client-principal` and strips what a caller sent under that name, so the header can be trusted
 * where that feature is switched on, and nowhere else: hence only with the setting RDP_MEDIC_AUTH=entra.
 */
export function guarded(handler: Endpoint): Endpoint {
  return async (request, engine, context) =>
    isSignedIn(request.headers.get('x-ms-client-principal'))
      ? handler(request, engine, context)
      : problemResponse(problem('AuthenticationMissing'));
}

function isSignedIn(header: string | null): boolean {
  if (header === null) return false;
  try {
    const principal: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    return principalSchema.safeParse(principal).success;
  } catch {
    return false;
  }
}
