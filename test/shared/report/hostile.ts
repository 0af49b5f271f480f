import fc from 'fast-check';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';

const FRAGMENTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><svg onload=alert(1)>',
  '<%= it.record %>',
  '<%~ it.style %>',
  '${process.exit()}',
  '-->',
  ']]>',
  '&lt;b&gt;&#60;i&#62;',
  '|',
  '\\',
  '\\|',
  '`',
  '```\ncode',
  '\n\n# heading',
  '\n\n- item\n\n    code',
  '\n===\n---\n',
  '1. one',
  '> quote',
  '**bold** __bold__ _it_ ~~gone~~',
  '[link](javascript:alert(1))',
  '![picture](https://evil.example/x.png)',
  '[ref]: https://evil.example',
  '<https://evil.example>',
  'https://evil.example/x',
  'mail@evil.example',
  '#',
  ' #',
  '\r\n',
  '\t',
  '\u0000\u0007\u001b[31m',
  '\u0085\u2028\u2029',
  '\u202Etxt.exe\u2066',
  '\uD800',
];

/** Strings such as an attacked machine, or a liar, might send; never blank. */
export const hostileText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 8 })), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.boolean(),
  )
  .map(([parts, first]) => (first ? `x${parts.join('')}` : `${parts.join('')}x`));

/** How often a text holds another, whatever the case: sentences may begin with what was planted. */
export function occurrences(text: string, planted: string): number {
  return text.toLowerCase().split(planted.toLowerCase()).length - 1;
}

type Change = (text: string, path: string) => string;

function mapStrings(value: unknown, change: Change, path = ''): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, at) => mapStrings(item, change, `${path}/${String(at)}`));
  if (typeof value !== 'object' || value === null) return value;
  const inData = path.endsWith('/data');
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      inData ? change(key, `${path}/key`) : key,
      mapStrings(inner, change, `${path}/${key}`),
    ]),
  );
}

/** Where in a record the schema allows any text at all: found by trying, so that no new field is forgotten. */
export function freePlaces(record: RemediationRecord): Set<string> {
  const places: string[] = [];
  mapStrings(record, (text, path) => {
    places.push(path);
    return text;
  });
  const allows = (place: string): boolean =>
    remediationRecordSchema.safeParse(mapStrings(record, (text, path) => (path === place ? '<|>' : text)))
      .success;
  return new Set(places.filter(allows));
}

/** The record with `text` in every free place; addresses of evidence stay addresses. */
export function plant(record: RemediationRecord, places: Set<string>, text: string): RemediationRecord {
  const planted = mapStrings(record, (old, path) => {
    if (!places.has(path)) return old;
    return path.endsWith('/url') ? `https://evidence.example/${text}` : text;
  });
  return remediationRecordSchema.parse(planted);
}
