import type { RemediationRecord } from '../../../shared/model/record.ts';

/** All that the record tells people to type, a line each. */
export function typedIn({ instructions = [] }: Pick<RemediationRecord, 'instructions'>): string {
  return instructions.flatMap(({ commands }) => commands.flatMap(({ lines }) => lines)).join('\n');
}
