import { at, toJsonObject, type JsonObject, type JsonValue } from '../store/json.ts';

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
