import type { InvocationContext } from '@azure/functions';
import { redact } from '../../shared/intake/redact.ts';

type Fact = string | number | boolean | undefined;
const LONGEST_FACT = 500;

/**
 * Writes one line of JSON: what came from outside is a value in it, escaped, shortened, without
 * credentials and never a format string. Bodies, headers and settings are not logged at all.
 */
export function logEvent(
  context: Pick<InvocationContext, 'log'>,
  event: string,
  facts: Readonly<Record<string, Fact>>,
): void {
  const short = Object.entries(facts).map(([key, fact]) => [
    key,
    typeof fact === 'string' ? redact(fact).slice(0, LONGEST_FACT) : fact,
  ]);
  context.log(JSON.stringify({ event, ...Object.fromEntries(short) }));
}
