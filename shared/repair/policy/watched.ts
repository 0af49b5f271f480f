import { isOfWindows, type ProbeResult } from '../../model/probe.ts';
import { capOf } from './caps.ts';
import { defaultsFor } from './defaults.ts';
import { factsOfRequest, REQUEST_RULES } from './facts.ts';
import { RULES } from './rules.ts';
import type { Policy } from './schema.ts';
import { hasTag } from './tags.ts';

/** Under which name the fleet watch sends its requests; they are alerts of our own, and capped as such. */
export const FLEET_WATCH_NAME = 'fleet-watch';

export interface Candidate {
  vmId: string;
  osType: 'Windows' | 'Linux' | 'Unknown';
  tags: Readonly<Record<string, string>>;
}

/** Whether there is anything that the fleet watch may ask for. */
export function mayWatch({ killSwitch, sources }: Policy): boolean {
  return !killSwitch && capOf(sources, 'alert').modes.length > 0;
}

/**
 * Whether a VM is watched: Windows, in what the policy lets alerts ask for, and opted in by its tag, whether or not the policy wants that
 * otherwise: nobody has asked for this VM.
 */
export function isWatched(policy: Policy, { vmId, osType, tags }: Candidate, now: number): boolean {
  if (osType !== 'Windows' || !hasTag(tags, policy.tag.name, policy.tag.optIn)) return false;
  const request = { vmId, source: 'alert', now, ...defaultsFor(policy, 'alert') } as const;
  const facts = { ...factsOfRequest(request), tags };
  return [...REQUEST_RULES, 'opt-out-tag' as const].every(
    (id) => RULES[id](policy, facts).verdict !== 'refuses',
  );
}

/**
 * Whether an answer is one to act upon unasked: Windows answers, and RDP does not work. Silence or a closed port may be a rule of the
 * network, or a restart: other alerts see those.
 */
export function isIll(probe: Pick<ProbeResult, 'state'>): boolean {
  return isOfWindows(probe) && probe.state !== 'healthy';
}
