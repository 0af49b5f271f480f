/** The parts of an ARM resource id, as spelled by the caller. */
export interface ResourceId {
  subscriptionId: string;
  resourceGroup: string;
  /** `Microsoft.Compute/virtualMachines`, or `Microsoft.Network/virtualNetworks/subnets` for a child. */
  type: string;
  /** Names along the type's segments; the last one is the resource's own. */
  names: string[];
}

/** What ids are compared by: ARM ignores case, and some published examples lack the leading slash. */
export function idKey(id: string): string {
  const trimmed = id.trim().replace(/\/+$/, '').toLowerCase();
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

/** Whether two ids name the same resource. */
export function sameId(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && idKey(one) === idKey(other);
}

/** Whether `id` is `scope` or lies within it. */
export function isWithin(id: string, scope: string): boolean {
  const key = idKey(id);
  const scopeKey = idKey(scope);
  return scopeKey === '/' || key === scopeKey || key.startsWith(`${scopeKey}/`);
}

/** Reads the id of a resource in a group; `undefined` for anything else. */
export function parseResourceId(id: string): ResourceId | undefined {
  const match = /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+?)\/?$/i.exec(
    id.trim(),
  );
  const [, subscriptionId, resourceGroup, namespace, rest] = match ?? [];
  if (!subscriptionId || !resourceGroup || !namespace || !rest) return undefined;
  const segments = rest.split('/');
  const types = segments.filter((_, index) => index % 2 === 0);
  const names = segments.filter((_, index) => index % 2 === 1);
  if (types.length !== names.length) return undefined;
  return { subscriptionId, resourceGroup, type: [namespace, ...types].join('/'), names };
}

/** The last segment: the resource's own name. */
export function nameOf(id: string): string {
  return id.replace(/\/+$/, '').split('/').at(-1) ?? id;
}

/** Id of a resource group. */
export function groupId(subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

/** Id of a top level resource such as `Microsoft.Compute/disks`. */
export function resourceId(
  subscriptionId: string,
  resourceGroup: string,
  type: string,
  name: string,
): string {
  return `${groupId(subscriptionId, resourceGroup)}/providers/${type}/${name}`;
}

/** The resource group an id lies in; the id itself when it is none. */
export function groupOf(id: string): string {
  return /^\/?subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0] ?? id;
}

/** `/subscriptions/{id}` of whatever lies in it. */
export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? id;
}
