import { causeOf } from '../causes/catalogue.ts';
import { ERRORS, isErrorCode } from '../error-codes.ts';
import type { Problem, RemediationRecord } from '../model/record.ts';
import { summarize } from '../repair/verdict.ts';

/**
 * How a remediation ended, from its codes alone, for comments and notifications. The record's own summary may hold words of others: of
 * a guest that printed them, of Azure, of whoever called it off. Under the name of this service they would be believed, links and all;
 * they stand in the report, as whose they are.
 */
export function inOwnWords(record: RemediationRecord): string {
  const { outcome } = record;
  if (!outcome) return '';
  const { cancelled, ...rest } = record;
  const own: RemediationRecord = {
    ...rest,
    ...(cancelled && { cancelled: { at: cancelled.at, leaveStopped: cancelled.leaveStopped } }),
    errors: record.errors.map(inCode),
    refusals: record.refusals.map((refusal) => ({ ...refusal, ...inCode(refusal) })),
    steps: record.steps.map(({ error, ...step }) => ({ ...step, ...(error && { error: inCode(error) }) })),
  };
  const found = outcome.causes.map((id) => causeOf(id).title);
  const causes = found.length === 0 ? '' : ` Found: ${found.join('; ')}.`;
  return `${summarize(outcome.kind, own, undefined)}${causes}`;
}

/** What the error table says of a code. */
function inCode({ code }: Problem): { code: string; message: string } {
  return { code, message: isErrorCode(code) ? ERRORS[code].meaning : ERRORS.Internal.meaning };
}
