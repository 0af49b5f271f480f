import type { HttpRequest } from '@azure/functions';
import type { Caller, Role } from '../../shared/model/principal.ts';
import { problem } from '../../shared/errors.ts';
import { callerOf } from './authentication.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { endpoint, problemResponse, type Endpoint, type Handler } from './http.ts';
import { callerOnPage, renewing, whyFromElsewhere } from './page/door.ts';
import type { Route } from './route.ts';

/** A ticket system signs in by its connector's own means, and health is anybody's: neither is somebody. */
const NOBODY: Caller = { principal: undefined, isApp: true, roles: [] };

/** The door to an address: closed for all but health where the settings do not fit; then who calls; then the handler of the method. */
export function doorOf(deps: TriggerDependencies, { handlers, access }: Route): Endpoint {
  const { closed } = deps;
  if (closed !== undefined && access !== 'anybody')
    return () => Promise.resolve(problemResponse(problem('DoorsClosed', closed)));
  const open = endpoint(handlers);
  return async (request, engine, context) => {
    const elsewhere = access === 'page' ? whyFromElsewhere(request) : undefined;
    if (elsewhere) return problemResponse(elsewhere);
    const caller = whoCalls(request, deps, access);
    if (!caller) return problemResponse(problem('AuthenticationMissing'));
    const answer = await open(request, engine, context, caller);
    return access === 'page' ? renewing(request, deps, answer) : answer;
  };
}

function whoCalls(
  request: HttpRequest,
  deps: TriggerDependencies,
  access: Route['access'],
): Caller | undefined {
  if (access === 'page') return callerOnPage(request, deps);
  return access === 'caller' ? callerOf(request, deps) : NOBODY;
}

/** Whether the host itself asks for a function key. */
export function asksForKey(
  { auth, closed }: TriggerDependencies,
  { access }: Pick<Route, 'access'>,
): boolean {
  if (access === 'anybody') return false;
  // Where settings do not fit nobody knows what was meant: the key tells no stranger which setting it is.
  return closed !== undefined || (auth === 'key' && access !== 'page');
}

/** A handler for those alone who have one of these roles. */
export function only(roles: readonly Role[], handler: Handler): Handler {
  return (call) =>
    call.caller.roles.some((role) => roles.includes(role))
      ? handler(call)
      : Promise.resolve(
          problemResponse(problem('RoleMissing', `This requires the role ${roles.join(' or ')}.`)),
        );
}
