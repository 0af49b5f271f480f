import type { ErrorCode } from '../../error-codes.ts';
import type { Mode, Options } from '../../model/request.ts';
import type { Disruption } from '../../model/disruption.ts';
import type { SourceName } from './caps.ts';

/** One earlier attempt on the VM that did something to it, or still does. Times in ISO 8601. */
export interface Attempt {
  readonly startedAt: string;
  /** Missing while it runs, or where it was lost. */
  readonly endedAt?: string | undefined;
}

/** Everything the rules look at, read beforehand: the rules themselves read nothing. */
export interface PolicyFacts {
  /** Canonical id, see `parseVmId`. */
  readonly vmId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who asks: what it may get is capped by its kind. */
  readonly source: SourceName;
  readonly mode: Mode;
  readonly options: Options;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When the VM would serve again, where it is to go down at once: all of it has to lie in the window. */
  readonly until?: number | undefined;
  /** What is about to be done to the VM, where it is asked right before. */
  readonly disrupts?: Disruption | undefined;
  readonly attempts: readonly Attempt[];
  /** Earlier ones that came to nothing: the VM was well, was only looked at, or was refused. */
  readonly looks: readonly Attempt[];
  /** What this source has started within the last hour, over all VMs. */
  readonly startedThisHour: number;
  /** Remediations now running in the VM's subscription, not counting this one. */
  readonly running: number;
}

/** What is asked of a VM and a request about it, before anything is known of the VM. */
export type RequestFacts = Pick<PolicyFacts, 'vmId' | 'mode' | 'options' | 'source' | 'now'>;

/** The facts of a request while nothing is known of its VM, or where what went before does not count. */
export function factsOfRequest({ vmId, mode, options, source, now }: RequestFacts): PolicyFacts {
  const nothing = { tags: {}, attempts: [], looks: [], startedThisHour: 0, running: 0 };
  return { vmId, mode, options, source, now, ...nothing };
}

/** Rules that need nothing but the request. */
export const REQUEST_RULES = [
  'source-mode',
  'source-restore-way',
  'accepted-losses',
  'source-options',
  'source-addresses',
  'peer',
  'subscription',
  'resource-group',
] as const;

export const RULE_IDS = [
  'kill-switch',
  ...REQUEST_RULES,
  'opt-out-tag',
  'opt-in-tag',
  'maintenance-window',
  'attempts-per-day',
  'cool-down',
  'look-cool-down',
  'source-rate',
  'concurrency',
  'approval',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/**
 * What one rule says: `allows`; `refuses` (with the code that the sender is answered); `waits` (later,
 * through the queue); `asks` (yes, but a person approves before the VM is taken offline).
 */
export interface RuleVerdict {
  readonly rule: RuleId;
  readonly verdict: 'allows' | 'refuses' | 'waits' | 'asks';
  readonly reason: string;
  readonly code?: ErrorCode;
  readonly retryAfterSeconds?: number;
}
