import { RULE_IDS, type PolicyFacts, type RuleId, type RuleVerdict } from './facts.ts';
import { RULES } from './rules.ts';
import type { Policy } from './schema.ts';

/** What the rules say together: the first refusal decides, then waiting, then the question to a person. */
export interface PolicyDecision {
  readonly decision: 'allowed' | 'allowed-after-approval' | 'wait' | 'refused';
  /** The rule that decided, where one did. */
  readonly decidedBy?: RuleVerdict;
  /** Every rule's own verdict, also of those after the one that decided. */
  readonly verdicts: readonly RuleVerdict[];
}

/** Rules that need nothing but the VM's id. */
export const VM_RULES: readonly RuleId[] = ['kill-switch', 'subscription', 'resource-group'];

/** Rules that need nothing but the request: asked before Azure is asked anything. */
export const SCOPE_RULES: readonly RuleId[] = [
  'source-mode',
  'source-restore-way',
  'accepted-losses',
  'source-options',
  'source-addresses',
  'peer',
  ...VM_RULES,
];

/** Asks every rule, so that the answer explains itself; pure: same policy and facts, same decision. */
export function explain(
  policy: Policy,
  facts: PolicyFacts,
  rules: readonly RuleId[] = RULE_IDS,
): PolicyDecision {
  const verdicts = rules.map((rule): RuleVerdict => ({ rule, ...RULES[rule](policy, facts) }));
  const refusal = verdicts.find(({ verdict }) => verdict === 'refuses');
  if (refusal) return { decision: 'refused', decidedBy: refusal, verdicts };
  const wait = verdicts.find(({ verdict }) => verdict === 'waits');
  if (wait) return { decision: 'wait', decidedBy: wait, verdicts };
  const ask = verdicts.find(({ verdict }) => verdict === 'asks');
  if (ask) return { decision: 'allowed-after-approval', decidedBy: ask, verdicts };
  return { decision: 'allowed', verdicts };
}
