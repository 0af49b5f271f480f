import { MedicError } from '../errors.ts';

/** The parts of an ARM id of a top-level resource that its client methods want. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `Microsoft.Compute/disks`, in the case it came in. */
  readonly type: string;
  readonly name: string;
}

const RESOURCE_ID =
  /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)/i;

/**
 * Reads the id of a resource, or of the top-level resource a child belongs to.
 * @throws MedicError `AzureRefused` for anything that is not such an id: Azure sent it, so it is Azure's to explain.
 */
export function parseResourceId(id: string): ResourceId {
  const [, subscriptionId, resourceGroup, type, name] = RESOURCE_ID.exec(id) ?? [];
  if (!subscriptionId || !resourceGroup || !type || !name) {
    throw new MedicError('AzureRefused', `Not a resource id: ${id.slice(0, 200)}`);
  }
  return { subscriptionId, resourceGroup, type, name };
}

/** The id of a sibling in the same group: another type, another name. */
export function siblingId(of: string, type: string, name: string): string {
  return resourceId({ ...parseResourceId(of), type, name });
}

/** The id of a top-level resource. */
export function resourceId({ subscriptionId, resourceGroup, type, name }: ResourceId): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
}

/** Whether two ids name the same resource: ARM compares without regard to case. */
export function sameResource(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}

/** Whether an id is that scope or lies within it: by whole names, so that nothing of `web-10` counts for `web-1`. */
export function isWithin(id: string, scope: string): boolean {
  return `${id}/`.toLowerCase().startsWith(`${scope.replace(/\/+$/, '')}/`.toLowerCase());
}
