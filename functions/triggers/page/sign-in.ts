import type { HttpRequest } from '@azure/functions';
import { problem } from '../../../shared/errors.ts';
import type { MeAnswer } from '../../../shared/model/page-answers.ts';
import type { TriggerDependencies } from '../dependencies.ts';
import { json, problemResponse, type Handler } from '../http.ts';
import { callerOnPage } from './door.ts';
import { endedCookie, sessionCookie } from './session.ts';

/**
 * `POST /page/sign-in`: exchanges the function key, which the host has looked at in the header, for a session. Only where callers have
 * keys: who signs in by Entra ID has a session of App Service authentication.
 */
export function postSignIn({ auth, sessionSecret, clock }: TriggerDependencies): Handler {
  return ({ request }) => {
    if (auth !== 'key')
      return Promise.resolve(problemResponse(problem('NotFound', 'This service uses Entra ID for sign-in.')));
    if (sessionSecret === undefined) return Promise.resolve(problemResponse(problem('SessionsNotSetUp')));
    // An address stands in histories and logs: whoever sends the key so is to notice.
    if (request.query.has('code'))
      return Promise.resolve(
        problemResponse(problem('RequestInvalid', 'Send the key in the header x-functions-key.')),
      );
    return Promise.resolve({
      ...json(200, { signedIn: true }),
      cookies: [sessionCookie(sessionSecret, clock.now())],
    });
  };
}

/** `POST /page/sign-out`: the browser forgets the session. */
export function postSignOut(): Handler {
  return () => Promise.resolve({ ...json(200, { signedIn: false }), cookies: [endedCookie()] });
}

/** `GET /page/me`: how one signs in here, who has, and what he may do; tells strangers what `/api/health` tells them. */
export function getMe(deps: TriggerDependencies): Handler {
  return ({ request }) => Promise.resolve(json(200, meOf(request, deps)));
}

function meOf(request: HttpRequest, deps: TriggerDependencies): MeAnswer {
  const { auth, closed, version, policy } = deps;
  const caller = closed === undefined ? callerOnPage(request, deps) : undefined;
  const signIn =
    auth === 'key' && closed === undefined && deps.sessionSecret === undefined ? 'not-set-up' : auth;
  const general = { signIn, version, open: closed === undefined, accepting: !policy.killSwitch } as const;
  if (!caller || caller.roles.length === 0)
    return { ...general, stranger: caller ? 'without-role' : 'unknown' };
  const { principal, roles } = caller;
  return {
    ...general,
    caller: {
      ...(principal && { name: principal.name }),
      roles: [...roles],
      // Who signs in with a key shows the approvers' secret at each deed that takes it.
      approves: auth === 'entra' ? 'by-role' : deps.approverSecret === undefined ? 'never' : 'by-secret',
    },
  };
}
