import createRouter from 'find-my-way';
import type { HttpFunction } from '../functions.ts';
import { messageOf } from '../errors.ts';
import { decodePath } from './encoding.ts';

interface RouteMatch {
  target: HttpFunction;
  params: Record<string, string>;
}

export interface Routes {
  /** @param path of the address, still encoded, without the query */
  find: (method: string, path: string) => RouteMatch | undefined;
}

/** Longer ones are refused before (`kestrel.ts`); each character may be three once it is escaped. */
const LONGEST_PATH = 3 * 8 * 1024;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** Route constraints of ASP.NET that take no argument. */
const CONSTRAINTS: Record<string, string> = {
  int: '^-?\\d+$',
  long: '^-?\\d+$',
  bool: '^(?:true|false|True|False)$',
  alpha: '^[A-Za-z]+$',
  guid: '^[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$',
};

/** A last segment that may be missing and must be empty: the way to say "the address above" on the real host. */
const NOTHING = /^\{[A-Za-z_]\w*:maxlength\(0\)\?\}$/;

const PARAMETER = /^\{(\*{0,2})([A-Za-z_]\w*)(?::([a-z]+))?(\?)?\}$/;

/**
 * Turns a route template of ASP.NET (`a/{id:int}/{*rest}`) into paths of the router.
 * @throws Error for what this host does not know
 */
function toPaths(template: string): { paths: string[]; rest?: string } {
  let rest: string | undefined;
  const segments = template.split('/').filter((segment) => segment !== '');
  if (NOTHING.test(segments.at(-1) ?? '')) segments.pop();
  const translated = segments.map((segment, index) => {
    if (!/[{}]/.test(segment)) return segment.replaceAll(':', '::');
    const match = PARAMETER.exec(segment);
    if (!match) throw new Error(`Route segment '${segment}' is more than this host can read.`);
    const [, star = '', name = '', constraint, optional = ''] = match;
    const isLast = index === segments.length - 1;
    if ((star !== '' || optional !== '') && !isLast)
      throw new Error(`'${segment}' must be the last of a route.`);
    if (star !== '') {
      rest = name;
      return '*';
    }
    const pattern = constraint === undefined ? undefined : CONSTRAINTS[constraint];
    if (constraint !== undefined && pattern === undefined)
      throw new Error(`This host does not know the route constraint '${constraint}'.`);
    return `:${name}${pattern === undefined ? '' : `(${pattern})`}${optional}`;
  });
  const path = `/${translated.join('/')}`;
  // A catch-all matches nothing as well.
  if (rest === undefined) return { paths: [path] };
  return { paths: [path, `/${translated.slice(0, -1).join('/')}`], rest };
}

/** As the router decodes it to what Kestrel would hand on. */
function toRouterPath(path: string): string {
  return decodePath(path).split('/').map(encodeURIComponent).join('/');
}

/**
 * Builds the table of HTTP routes; a function whose route cannot be used is reported and left out.
 * @param prefix `routePrefix` of host.json
 */
export function createRoutes(
  functions: HttpFunction[],
  prefix: string,
  refuse: (name: string, reason: string) => void,
): Routes {
  const router = createRouter({
    caseSensitive: false,
    ignoreTrailingSlash: true,
    maxParamLength: LONGEST_PATH,
  });
  const entries = new Map<unknown, { target: HttpFunction; rest?: string }>();
  for (const target of functions) {
    try {
      const { paths, rest } = toPaths(`${prefix}/${target.route}`);
      const methods = METHODS.filter((method) => target.methods.includes(method));
      const handler = (): void => undefined;
      const taken = methods.some((method) => router.hasRoute(method, paths[0] ?? ''));
      if (taken) throw new Error(`The route '${target.route}' is taken by another function.`);
      for (const path of paths)
        for (const method of methods) if (!router.hasRoute(method, path)) router.on(method, path, handler);
      entries.set(handler, { target, ...(rest !== undefined && { rest }) });
    } catch (error) {
      refuse(target.target.metadata.name, messageOf(error));
    }
  }
  return {
    find(method, path) {
      const known = METHODS.find((candidate) => candidate === method);
      const found = known && router.find(known, toRouterPath(path));
      const entry = found && entries.get(found.handler);
      if (!found || !entry) return undefined;
      // Only what takes the rest of a path takes a segment that is empty.
      if (entry.rest === undefined && path.includes('//')) return undefined;
      const params: Record<string, string> = {};
      for (const [name, value] of Object.entries(found.params)) {
        if (value === undefined) continue;
        params[name === '*' ? (entry.rest ?? name) : name] = value;
      }
      return { target: entry.target, params };
    },
  };
}
