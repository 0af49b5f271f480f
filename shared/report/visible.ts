import { remediationRecordSchema, type RemediationRecord } from '../model/record.ts';

/** Control characters other than line feed and tab, and those that turn or hide the text around them. */
const INVISIBLE = /[\p{Cc}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;

/**
 * The text as a reader may trust it: what cannot be seen, or makes other text look different from what it
 * is, becomes U+FFFD. Names and messages come from machines that may have been attacked.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_BREAKS, '\n')
    .replace(INVISIBLE, (sign) => (sign === '\n' || sign === '\t' ? sign : '\uFFFD'));
}

/** The record with every string in it made {@link visible}. */
export function visibleRecord(record: RemediationRecord): RemediationRecord {
  return remediationRecordSchema.parse(visibleDeep(record));
}

function visibleDeep(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(visibleDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [visible(key), visibleDeep(inner)]));
}
