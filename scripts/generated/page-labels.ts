import * as labels from '../../shared/report/labels.ts';
import { TOOLS } from '../../shared/report/words.ts';

/** `page/assets/labels.js`: the page is served as it is, without a build step, and cannot take in TypeScript. */
export function pageLabelsFile(): string {
  // Short names of steps are for the drawing of a report.
  const { STEPS: _, ...shown } = labels;
  const all = { ...shown, TOOLS };
  const names = Object.keys(all).toSorted();
  const types = names.map((name) => {
    const file = name === 'TOOLS' ? 'words' : 'labels';
    return ` * @typedef {typeof import('../../shared/report/${file}.ts').${name}} ${name}_LABELS`;
  });
  const constants = Object.entries(all)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `/** @type {${name}_LABELS} */\nexport const ${name} = ${literal(value, '')};\n`);
  return [
    '// Written by `npm run generate` from shared/report: report, notifications, command line and page say the same.\n',
    `/**\n${types.join('\n')}\n */\n`,
    ...constants,
  ].join('\n');
}

/** As prettier lays it out: one entry a line. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return `'${value}'`;
  const within = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, within));
    const line = `[${items.join(', ')}]`;
    return items.every((item) => !item.includes('\n')) && line.length < 90
      ? line
      : `[\n${items.map((item) => `${within}${item},\n`).join('')}${indent}]`;
  }
  const entries = Object.entries(value ?? {}).map(
    ([key, one]) => `${within}${/^[a-zA-Z_]\w*$/.test(key) ? key : `'${key}'`}: ${literal(one, within)},\n`,
  );
  return `{\n${entries.join('')}${indent}}`;
}
