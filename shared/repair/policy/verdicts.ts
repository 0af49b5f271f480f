import type { ErrorCode } from '../../error-codes.ts';
import type { PolicyFacts, RuleVerdict } from './facts.ts';
import type { Policy } from './schema.ts';

/** One rule of the policy: pure, and asked with everything it looks at. */
export type Rule = (policy: Policy, facts: PolicyFacts) => Omit<RuleVerdict, 'rule'>;

export function allows(reason: string): Omit<RuleVerdict, 'rule'> {
  return { verdict: 'allows', reason };
}

export function refuses(
  reason: string,
  code: ErrorCode = 'PolicyRefused',
  retryAfterSeconds?: number,
): Omit<RuleVerdict, 'rule'> {
  return {
    verdict: 'refuses',
    reason,
    code,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
