import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { problem, type Problem } from '../../../shared/errors.ts';
import type { Caller } from '../../../shared/model/principal.ts';
import { callerOf } from '../authentication.ts';
import type { TriggerDependencies } from '../dependencies.ts';
import { isToRenew, sessionCookie, sessionOf } from './session.ts';

/** Header that our page sends with whatever it asks for: no other site can have a browser send it, since we answer no preflight. */
const PAGE_HEADER = 'x-rdp-medic-page';

type Deps = Pick<TriggerDependencies, 'auth' | 'tenant' | 'approverSecret' | 'sessionSecret' | 'clock'>;

/**
 * Who calls from the page; `undefined` for nobody known. With Entra ID it is whom App Service authentication has signed in; with keys it
 * is whoever has exchanged one for a session, and may do no more than the key may.
 */
export function callerOnPage(request: HttpRequest, deps: Deps): Caller | undefined {
  if (deps.auth === 'key' && !sessionIn(request, deps)) return undefined;
  return callerOf(request, deps);
}

/** Why a request that changes something is not taken for our own page's: a browser sends a cookie along with other sites' requests. */
export function whyFromElsewhere(request: HttpRequest): Problem | undefined {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  return request.headers.get(PAGE_HEADER) === '1' && site === 'same-origin'
    ? undefined
    : problem('FromAnotherSite');
}

/** The answer, with the session's cookie anew where it is time. */
export function renewing(request: HttpRequest, deps: Deps, answer: HttpResponseInit): HttpResponseInit {
  const session = deps.auth === 'key' ? sessionIn(request, deps) : undefined;
  const now = deps.clock.now();
  if (!session || deps.sessionSecret === undefined || answer.cookies || !isToRenew(session, now))
    return answer;
  return { ...answer, cookies: [sessionCookie(deps.sessionSecret, now, session.since)] };
}

function sessionIn(request: HttpRequest, { sessionSecret, clock }: Deps) {
  return sessionSecret === undefined ? undefined : sessionOf(request, sessionSecret, clock.now());
}
