import createFindMyWay, { type HTTPMethod } from 'find-my-way';
import { notImplemented } from './errors.ts';
import { SCOPED_PREFIX } from './handlers/authorization.ts';
import type { Method } from './http.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

export interface Found {
  route: Route;
  params: Record<string, string>;
  target: string;
}

/** Locks, rights and tags hang below any scope, so their address is taken apart before the table is asked. */
const SCOPED =
  /^(.*?)\/providers\/(Microsoft\.Authorization\/(?:locks|permissions|denyAssignments|policyAssignments|roleAssignments|roleDefinitions)(?:\/[^/]+)?|Microsoft\.Resources\/tags\/default)\/?$/i;

/** Names of collections and actions at the end of a path, which are not part of the resource's id. */
const PAIRS_AFTER_PROVIDER = /^(.*\/providers\/[^/]+)((?:\/[^/]+)*)$/i;

type FindRoute = (method: Method, path: string) => Found;

let findRoute: FindRoute | undefined;

/**
 * The lookup in the table of routes, which is made once: it takes longer than all else of a lab's start.
 * @returns a lookup that throws ArmError 501 for what the lab does not imitate
 */
export function router(): FindRoute {
  findRoute ??= createRouter();
  return findRoute;
}

function createRouter(): FindRoute {
  const table = createFindMyWay({ caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 2048 });
  const byKey = new Map<string, Route>();
  for (const route of routes) {
    byKey.set(`${route.method} ${route.path}`, route);
    table.on(httpMethod(route.method), route.path, () => undefined, `${route.method} ${route.path}`);
  }

  return (method, path) => {
    const scoped = SCOPED.exec(path);
    const scope = scoped?.[1];
    const lookup =
      scope === undefined
        ? path
        : `${SCOPED_PREFIX}/${encodeURIComponent(scope)}/providers/${scoped?.[2] ?? ''}`;
    const match = table.find(httpMethod(method), lookup);
    const route = byKey.get(String(match?.store));
    if (!match || !route) throw notImplemented(method, path);
    const params = Object.fromEntries(
      Object.entries(match.params).map(([name, value]) => [name, value ?? '']),
    );
    const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
    return {
      route,
      params: { ...params, ...(subscriptionId !== undefined && { subscriptionId }) },
      target: scope ?? targetOf(path),
    };
  };
}

/** The resource or scope a path is about: pairs of type and name, without an odd segment at the end. */
function targetOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const [, provider, rest = ''] = PAIRS_AFTER_PROVIDER.exec(trimmed) ?? [];
  if (provider === undefined) return trimmed.replace(/\/resourceGroups$/i, '');
  const segments = rest.split('/').filter((segment) => segment !== '');
  const even = segments.slice(0, segments.length - (segments.length % 2));
  // A bare collection belongs to the scope it is listed in, as does what is only a catalogue.
  if (even.length === 0 || even[0]?.toLowerCase() === 'locations')
    return provider.replace(/\/providers\/[^/]+$/i, '');
  return `${provider}/${even.join('/')}`;
}

function httpMethod(method: Method): HTTPMethod {
  return method;
}
