import type { Facts } from '../model/facts.ts';

/** Name of the Group Policy object a true policy value comes from; `unknown` where Windows does not tell. `path` is below SOFTWARE. */
export function policyOf(facts: Facts, path: string, name: string): string {
  const key = `software\\${path}`.toLowerCase();
  const found = facts.policies.items.find(
    (value) => value.key.toLowerCase() === key && value.name.toLowerCase() === name.toLowerCase(),
  );
  return found === undefined || found.gpo === '' ? 'unknown' : found.gpo;
}
