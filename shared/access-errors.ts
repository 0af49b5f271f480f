import { row } from './error-row.ts';

/** Rows of the error table: who is let in, and from where. */
export const ACCESS_ERRORS = {
  AuthenticationMissing: row(
    401,
    'The caller is not signed in.',
    'Sign in with Entra ID, or send the function key.',
  ),
  RoleMissing: row(
    403,
    'The caller does not have the required role.',
    'Ask for the app role in Entra ID. If callers use keys, send the approver secret in x-rdp-medic-approver.',
  ),
  FromAnotherSite: row(
    403,
    'The request changes something but did not come from the page itself.',
    'Use the page, or call the API with the key or a token.',
  ),
  SessionsNotSetUp: row(
    503,
    'Signing in to the page with a key is not set up.',
    'Set RDP_MEDIC_SESSION_SECRET to 32 random characters or more, or use Entra ID.',
  ),
} as const;
