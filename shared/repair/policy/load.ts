import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_POLICY, policySchema, type Policy } from './schema.ts';

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * The policy that holds: the file named by `RDP_MEDIC_POLICY`, or the default. `RDP_MEDIC_KILL_SWITCH=on`
 * turns everything off without a new file. Called once at start: a file that cannot be read or does not
 * fit throws, because a service that runs on half a policy is worse than one that does not start.
 */
export function loadPolicy(settings: Settings = process.env): Policy {
  const path = settings['RDP_MEDIC_POLICY'];
  const policy = path ? readPolicy(path) : DEFAULT_POLICY;
  return settings['RDP_MEDIC_KILL_SWITCH'] === 'on' ? { ...policy, killSwitch: true } : policy;
}

function readPolicy(path: string): Policy {
  const read = policySchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new Error(`The policy file ${path} does not fit:\n${z.prettifyError(read.error)}`);
}

/** The JSON schema of the policy file for editors; `infra/policy.schema.json` is its copy on disk. */
export function policyJsonSchema(): Record<string, unknown> {
  return {
    title: 'RDP Medic policy',
    ...z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' }),
  };
}
