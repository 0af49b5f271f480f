import { parseVmId } from '../../model/vm-id.ts';
import { capOf } from './caps.ts';
import { asksApproval } from './approval.ts';
import type { Attempt, PolicyFacts, RuleId } from './facts.ts';
import { describeWindows, inMaintenanceWindow } from './maintenance.ts';
import type { Policy } from './schema.ts';
import { hasTag } from './tags.ts';
import { matchesWildcard } from '../../wildcard.ts';
import { SOURCE_RULES } from './source-rules.ts';
import { allows, refuses, type Rule } from './verdicts.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DISRUPTIONS = ['restart', 'offline'] as const;
const BEFORE = { restart: 'restarted', offline: 'taken offline' } as const;
/** Who asks again and again by itself, and whom nobody stops. */
const UNATTENDED: readonly string[] = ['alert', 'ticket', 'queue'];
const ONLY_LOOKS = 'a diagnosis changes nothing, so no limit applies';

/** Every rule by its id, in the order in which a person would ask them. */
export const RULES: Readonly<Record<RuleId, Rule>> = {
  'kill-switch': ({ killSwitch }) =>
    killSwitch
      ? refuses('the kill switch is on: no remediation can start')
      : allows('the kill switch is off'),

  ...SOURCE_RULES,

  subscription: ({ scope }, { vmId }) => {
    const subscription = parseVmId(vmId)?.subscriptionId;
    const allowed = scope.subscriptions.some((one) => one === '*' || one.toLowerCase() === subscription);
    return allowed ? allows('the subscription is allowed') : refuses('the subscription is not on the list');
  },

  'resource-group': ({ scope }, { vmId }) => {
    const group = parseVmId(vmId)?.resourceGroup ?? '';
    if (matchesAny(scope.excludedResourceGroups, group)) return refuses('the resource group is excluded');
    return matchesAny(scope.resourceGroups, group)
      ? allows('the resource group is allowed')
      : refuses('the resource group is not on the list');
  },

  'opt-out-tag': ({ tag }, { tags }) =>
    hasTag(tags, tag.name, tag.optOut)
      ? refuses(`the VM is opted out by its tag ${tag.name}: ${tag.optOut}`)
      : allows('the VM is not opted out'),

  'opt-in-tag': ({ tag }, { tags }) => {
    if (!tag.required) return allows('no opt-in is required');
    return hasTag(tags, tag.name, tag.optIn)
      ? allows(`the VM is opted in by its tag ${tag.name}: ${tag.optIn}`)
      : refuses(`the VM does not have the tag ${tag.name}: ${tag.optIn}`);
  },

  'maintenance-window': (policy, facts) => {
    const { maintenance } = policy;
    if (!isBoundToWindow(policy, facts)) return allows('no maintenance window applies');
    if (!inMaintenanceWindow(maintenance, facts.now))
      return refuses(
        `outside the maintenance windows ${describeWindows(maintenance)}`,
        'OutsideMaintenanceWindow',
      );
    return inMaintenanceWindow(maintenance, facts.now, facts.until)
      ? allows('a maintenance window is open')
      : refuses(
          `the rest of the maintenance window is too short for the downtime (${describeWindows(maintenance)})`,
          'OutsideMaintenanceWindow',
        );
  },

  'attempts-per-day': ({ limits }, { attempts, now, mode }) => {
    if (mode === 'diagnose') return allows(ONLY_LOOKS);
    const starts = attempts.map(({ startedAt }) => Date.parse(startedAt)).filter((at) => now - at < DAY);
    if (starts.length < limits.attemptsPerDay) {
      return allows(`${starts.length} of ${limits.attemptsPerDay} attempts in 24 hours are used`);
    }
    // The next attempt is free once enough of the oldest ones have left the 24 hours.
    const frees = starts.toSorted((a, b) => b - a)[limits.attemptsPerDay - 1] ?? now;
    return refuses(
      `all ${limits.attemptsPerDay} attempts in 24 hours are used: this VM needs an engineer`,
      'TooManyAttempts',
      seconds(frees + DAY - now),
    );
  },

  'cool-down': ({ limits }, { attempts, now, mode }) => {
    if (mode === 'diagnose') return allows(ONLY_LOOKS);
    const left = restLeft(attempts, limits.coolDownMinutes, now);
    return left > 0
      ? refuses(
          `the last attempt is less than ${limits.coolDownMinutes} minutes ago`,
          'CoolDown',
          seconds(left),
        )
      : allows('the cool-down is over');
  },

  'look-cool-down': ({ limits }, { looks, now, source }) => {
    if (!UNATTENDED.includes(source.split(':')[0] ?? '')) return allows('no limit applies to people');
    const left = restLeft(looks, limits.lookCoolDownMinutes, now);
    return left > 0
      ? refuses(
          `the VM was checked less than ${limits.lookCoolDownMinutes} minutes ago, and nothing needed repair`,
          'CoolDown',
          seconds(left),
        )
      : allows('the VM has not been checked recently');
  },

  concurrency: ({ limits }, { running }) =>
    running < limits.concurrentPerSubscription
      ? allows(
          `${running} of ${limits.concurrentPerSubscription} concurrent remediations in the subscription are running`,
        )
      : {
          verdict: 'waits',
          reason: `the limit of ${limits.concurrentPerSubscription} concurrent remediations in the subscription is reached`,
        },

  approval: (policy, facts) => {
    const asked = DISRUPTIONS.filter((one) => asksApproval(policy, facts, one)).map((one) => BEFORE[one]);
    return asked.length === 0
      ? allows('no approval is required')
      : {
          verdict: 'asks',
          reason: `mode "${facts.mode}" from ${facts.source} needs approval before the VM is ${asked.join(', or before it is ')}`,
        };
  },
};

/**
 * A mode that the policy binds to its windows is bound from its start on. What only a source's cap binds is asked when it comes to
 * that: `disrupts` then says what is about to be done.
 */
function isBoundToWindow({ maintenance, sources }: Policy, { mode, source, disrupts }: PolicyFacts): boolean {
  if (maintenance.modes.includes(mode)) return true;
  return disrupts !== undefined && capOf(sources, source).window.includes(disrupts);
}

/** Milliseconds until so many minutes have passed since the last of these; 0 or less once they have. */
function restLeft(attempts: readonly Attempt[], minutes: number, now: number): number {
  const ends = attempts.map(({ startedAt, endedAt }) => Date.parse(endedAt ?? startedAt));
  return Math.max(...ends, -Infinity) + minutes * MINUTE - now;
}

function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, name));
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
