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
    'The caller lacks the role that this takes.',
    'Have the app role assigned in Entra ID; where callers have keys, send the secret of approvers in x-rdp-medic-approver.',
  ),
  FromAnotherSite: row(
    403,
    'The request changes something and did not come from the page itself.',
    'Use the page, or call the API with the key or a token.',
  ),
  SessionsNotSetUp: row(
    503,
    'Nobody can sign in to the page with a key: sessions are not set up.',
    'Set RDP_MEDIC_SESSION_SECRET to 32 random characters or more, or let people sign in with Entra ID.',
  ),
} as const;
