import type { RemediationRecord } from '../model/record.ts';

/** The record itself, for programs; two spaces deep so that a person can read it as well. */
export function renderJson(record: RemediationRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
