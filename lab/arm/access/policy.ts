import { ArmError } from '../errors.ts';
import { at, toJsonObject, type JsonObject, type JsonValue } from '../store/json.ts';
import { isWithin, nameOf } from '../store/resource-id.ts';

/** An assignment of Azure Policy with the effect *modify*, which adds or replaces tags. */
export interface TagPolicy {
  scope: string;
  tags: Record<string, string>;
}

/** Writes of what carries tags; rules and run commands are parts of what does. */
const TAGGED =
  /^Microsoft\.(Compute\/(disks|snapshots|virtualMachines)|Network\/(networkInterfaces|networkSecurityGroups))\/write$/i;

/**
 * The body as the provider sees it: *modify* adds or replaces tags on create and on update, and tells nobody
 * (learn.microsoft.com, effect-modify). An update that names no tags is a read, a merge and a write to the policy engine,
 * so its resource's own tags stay.
 */
export function modifyTags(
  policies: readonly TagPolicy[],
  action: string,
  body: JsonValue,
  current: Readonly<Record<string, string>> = {},
): JsonValue {
  if (policies.length === 0 || body === undefined || !TAGGED.test(action)) return body;
  let tags: JsonObject = at(body, 'tags') === undefined ? { ...current } : toJsonObject(at(body, 'tags'));
  for (const policy of policies) tags = { ...tags, ...policy.tags };
  return { ...toJsonObject(body), tags };
}

/** An assignment of Azure Policy with the effect *deny*, as far as the lab knows what is denied. */
export interface Denial {
  name: string;
  scope: string;
  denies:
    | { missingTag: string }
    /** Types of disks, also of those that a VM makes for itself. */
    | { diskSkus: readonly string[] }
    | { vmSizes: readonly string[] }
    /** Disks and snapshots that can be exported over public networks. */
    | { publicDisks: true };
}

/** A resource as it will stand after a write, as far as policies look at it. */
interface Written {
  type: string;
  tags: JsonObject;
  body: JsonValue;
}

/**
 * *deny* looks at a resource as the request leaves it, on create and on update, be it only of a tag (azure-policy#387), and at NICs as at
 * all else that bears tags (microsoft/AzureTRE#2890, with code and text).
 * @param current how it stands, where it is there
 * @throws ArmError 403 RequestDisallowedByPolicy
 */
export function refuseByPolicy(
  denials: readonly Denial[],
  { action, target, body }: { action: string; target: string; body: JsonValue },
  current: { tags?: Readonly<Record<string, string>> | undefined; body: JsonValue } | undefined,
): void {
  if (denials.length === 0 || !TAGGED.test(action)) return;
  const written: Written = {
    type: action.replace(/\/write$/i, '').toLowerCase(),
    tags: toJsonObject(at(body, 'tags') ?? current?.tags),
    body: merged(current?.body, body),
  };
  const denial = denials.find((one) => isWithin(target, one.scope) && isDenied(one.denies, written));
  if (!denial) return;
  throw new ArmError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${nameOf(target)}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${denial.name}","id":"${assignmentId(denial)}"}}]'.`,
    { target: nameOf(target) },
  );
}

/** Those that would deny a resource of this content in this group. */
export function denyingPolicies(denials: readonly Denial[], groupId: string, content: JsonValue): Denial[] {
  const type = at(content, 'type');
  const written: Written = {
    type: typeof type === 'string' ? type.toLowerCase() : '',
    tags: toJsonObject(at(content, 'tags')),
    body: content,
  };
  return denials.filter(({ scope, denies }) => isWithin(groupId, scope) && isDenied(denies, written));
}

export function assignmentId({ scope, name }: Denial): string {
  return `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
}

function isDenied(denies: Denial['denies'], { type, tags, body }: Written): boolean {
  const isDisk = /\/(disks|snapshots)$/.test(type);
  if ('missingTag' in denies) return tags[denies.missingTag] === undefined;
  if ('vmSizes' in denies)
    return isOneOf(at(body, 'properties', 'hardwareProfile', 'vmSize'), denies.vmSizes);
  if ('publicDisks' in denies) return isDisk && at(body, 'properties', 'publicNetworkAccess') !== 'Disabled';
  return isDisk
    ? isOneOf(at(body, 'sku', 'name') ?? 'Standard_LRS', denies.diskSkus)
    : isOneOf(
        at(body, 'properties', 'storageProfile', 'osDisk', 'managedDisk', 'storageAccountType'),
        denies.diskSkus,
      );
}

function isOneOf(value: JsonValue, names: readonly string[]): boolean {
  return typeof value === 'string' && names.some((name) => name.toLowerCase() === value.toLowerCase());
}

/** What a body names replaces what stood there, objects member by member. */
function merged(current: JsonValue, body: JsonValue): JsonValue {
  if (!isObject(current) || !isObject(body)) return body === undefined ? current : body;
  const names = [...new Set([...Object.keys(current), ...Object.keys(body)])];
  return Object.fromEntries(names.map((name) => [name, merged(current[name], body[name])]));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
