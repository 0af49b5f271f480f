import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { page, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { toJson } from '../store/json.ts';
import { groupOf, nameOf } from '../store/resource-id.ts';
import type { Resource } from '../store/resources.ts';
import { allResources } from '../store/store.ts';

const ACTION = 'Microsoft.Resources/subscriptions/resources/read';

/** Everything of a subscription or a group, whatever its provider (REST API, Resources - List, List By Resource Group). */
export const resourceListRoutes: Route[] = [
  { method: 'GET', path: `${PATHS.subscription}/resources`, action: ACTION, handle: list },
  { method: 'GET', path: `${PATHS.group}/resources`, action: ACTION, handle: list },
];

/** Resources of their own: what hangs below another, as scripts and locks do, is not among them. */
const TOP_LEVEL = /\/providers\/[^/]+\/[^/]+\/[^/]+$/;

function list(request: ArmRequest, { store }: Context): ArmAnswer {
  const scope = request.target.replace(/\/resources$/i, '');
  if (/\/resourceGroups\//i.test(scope)) store.resourceGroups.get(scope);
  const fits = readFilter(request.query.get('$filter'));
  return page(
    allResources(store)
      .filter(({ id }) => id.toLowerCase().startsWith(`${scope.toLowerCase()}/`))
      .filter(({ id, type }) => TOP_LEVEL.test(id) && type !== 'Microsoft.Authorization/locks')
      .filter(fits)
      .map(({ id, name, type, location, tags }) => toJson({ id, name, type, location, tags })),
  );
}

/** @throws ArmError 400 for a filter that the lab does not understand */
function readFilter(filter: string | null): (resource: Resource) => boolean {
  if (filter === null) return () => true;
  const [, tag, value] = /^tagname eq '([^']*)' and tagvalue eq '([^']*)'$/i.exec(filter) ?? [];
  if (tag !== undefined) return ({ tags }) => tags?.[tag] === value;
  const [, property = '', wanted = ''] = /^(resourceGroup|resourceType) eq '([^']*)'$/i.exec(filter) ?? [];
  const same = (text: string): boolean => text.toLowerCase() === wanted.toLowerCase();
  if (property.toLowerCase() === 'resourcegroup') return ({ id }) => same(nameOf(groupOf(id)));
  if (property.toLowerCase() === 'resourcetype') return ({ type }) => same(type);
  throw new ArmError(
    400,
    'InvalidFilterInQueryString',
    `Invalid $filter '${filter}' specified in the query string.`,
  );
}
