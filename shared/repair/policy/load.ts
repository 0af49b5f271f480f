import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Config } from '../../config.ts';
import type { Cap, Sources } from './caps.ts';
import { NO_POLICY, policySchema, type Policy } from './schema.ts';

/** The version of no policy at all. */
export const NO_FILE = 'none';

type Settings = Readonly<Record<string, string | undefined>>;

/** What the owner has given the service. */
export interface Authority {
  readonly policy: Policy;
  /** Tells one policy from another in records; `NO_FILE` while none is set. */
  readonly policyVersion: string;
  /** Why every door is closed, with what is allowed instead; `undefined` while they are open. */
  readonly closed: string | undefined;
}

/**
 * The policy that holds: the file named by `RDP_MEDIC_POLICY`, or next to nothing without one. `RDP_MEDIC_KILL_SWITCH=on` turns
 * everything off without a new file. Called once at start. What cannot be read or does not fit closes every door, and the kill switch
 * counts as on: half a policy would give what nobody gave. It never throws, for engine, undo and watchdog have to load all the same.
 * @param connectors names of those there are: a policy that caps another one has misspelt it
 */
export function loadAuthority(
  settings: Settings,
  { faults, auth, approverSecret }: Pick<Config, 'faults' | 'auth' | 'approverSecret'>,
  connectors: readonly string[],
): Authority {
  const path = settings['RDP_MEDIC_POLICY'] ?? '';
  const read =
    path === '' ? { policy: NO_POLICY, policyVersion: NO_FILE, faults: [] } : readPolicy(path, connectors);
  const killSwitch = readKillSwitch(settings['RDP_MEDIC_KILL_SWITCH']);
  const approval = auth === 'key' ? faultsOfApproval(read.policy, approverSecret !== undefined) : [];
  const all = [...faults, ...read.faults, ...killSwitch.faults, ...approval];
  return {
    policy: killSwitch.on || all.length > 0 ? { ...read.policy, killSwitch: true } : read.policy,
    policyVersion: read.policyVersion,
    closed: all.length === 0 ? undefined : all.join(' '),
  };
}

interface ReadPolicy {
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly faults: readonly string[];
}

function readPolicy(path: string, connectors: readonly string[]): ReadPolicy {
  try {
    const text = readFileSync(path, 'utf8');
    const read = policySchema.safeParse(JSON.parse(text));
    if (!read.success) return unreadable(path, z.prettifyError(read.error));
    const unknown = Object.keys(read.data.sources.connectors).filter((name) => !connectors.includes(name));
    if (unknown.length > 0) return unreadable(path, `unknown connector ${unknown.join(', ')}`);
    return {
      policy: read.data,
      policyVersion: createHash('sha256').update(text).digest('hex').slice(0, 12),
      faults: [],
    };
  } catch (error) {
    return unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(path: string, why: string): ReadPolicy {
  return {
    policy: NO_POLICY,
    policyVersion: NO_FILE,
    faults: [`RDP_MEDIC_POLICY: the policy file ${path} is invalid: ${why}.`],
  };
}

function readKillSwitch(value: string | undefined): { on: boolean; faults: readonly string[] } {
  if (value === undefined || value === 'off') return { on: false, faults: [] };
  if (value === 'on') return { on: true, faults: [] };
  return { on: true, faults: ['RDP_MEDIC_KILL_SWITCH: must be "on" or "off".'] };
}

/** A key is not a person: it can be neither somebody else than who asked, nor two. */
function faultsOfApproval({ approval, sources }: Policy, hasSecret: boolean): string[] {
  const faults: string[] = [];
  if (approval.approvers === 2 || approval.notRequester)
    faults.push(
      'The policy needs to identify approvers (approval.approvers, approval.notRequester), but callers use keys: set RDP_MEDIC_AUTH to "entra", or remove these settings.',
    );
  const caps = [...Object.values(sources.connectors), ...namedCaps(sources)];
  const asks = approval.modes.length > 0 || caps.some((cap) => cap.approval.length > 0);
  if (asks && !hasSecret)
    faults.push(
      'The policy requires approvals, but nobody can give one: set RDP_MEDIC_APPROVER_SECRET to a secret that only approvers know, or RDP_MEDIC_AUTH to "entra".',
    );
  return faults;
}

function namedCaps({ alert, ticket, queue, caller, operator }: Sources): Cap[] {
  return [alert, ticket, queue, caller, operator];
}

/** The JSON schema of the policy file for editors; `infra/policy.schema.json` is its copy on disk. */
export function policyJsonSchema(): Record<string, unknown> {
  return {
    title: 'RDP Medic policy',
    ...z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' }),
  };
}
