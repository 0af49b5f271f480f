import { table } from './documents.ts';

/** `@description('…')`, further decorators, and the parameter with its type and default; descriptions have no line breaks. */
const PARAMETER =
  /@description\('((?:[^'\\]|\\.)*)'\)\n((?:@[^\n]*\n)*)param (\w+) ([^=\n]+?)(?: = ([^\n]+))?\n/g;
const HEADING = /^\/\/ ([A-Z][^\n]*)\n/gm;

interface Parameter {
  at: number;
  cells: string[];
}

/** The parameters of a Bicep file under the headings of its comments, as tables. */
export function parameterTables(bicep: string): string {
  const parameters = [...bicep.matchAll(PARAMETER)].map(parameterOf);
  const headings = [...bicep.matchAll(HEADING)].map(({ index, 1: title = '' }) => ({ at: index, title }));
  const sections = headings.length === 0 ? [{ at: 0, title: '' }] : headings;
  return sections
    .flatMap(({ at, title }, index) => {
      const end = sections[index + 1]?.at ?? Infinity;
      const rows = parameters.filter((one) => one.at >= at && one.at < end).map(({ cells }) => cells);
      if (rows.length === 0) return [];
      const head = title === '' ? [] : [`### ${title}`, ''];
      return [[...head, table(['Parameter', 'Type', 'Default', 'Meaning'], rows)].join('\n')];
    })
    .join('\n\n');
}

function parameterOf({
  index,
  1: says = '',
  2: decorators = '',
  3: name = '',
  4: type = '',
  5: otherwise,
}: RegExpExecArray): Parameter {
  const [, allowed] = /@allowed\(\[(.*)\]\)/.exec(decorators) ?? [];
  const bounds = [...decorators.matchAll(/@(min|max)Value\((-?\d+)\)/g)].map(
    ([, which, value]) => `${String(which)} ${String(value)}`,
  );
  const kind = allowed?.replaceAll("'", '`') ?? [`\`${type}\``, ...bounds].join(', ');
  const text = says.replaceAll("\\'", "'");
  return {
    at: index,
    cells: [`\`${name}\``, kind, otherwise === undefined ? 'required' : `\`${otherwise}\``, text],
  };
}

/** The outputs of a Bicep file, as a table. */
export function outputTable(bicep: string): string {
  const outputs = [...bicep.matchAll(/@description\('((?:[^'\\]|\\.)*)'\)\noutput (\w+) /g)];
  return table(
    ['Output', 'Meaning'],
    outputs.map(([, says = '', name = '']) => [`\`${name}\``, says]),
  );
}
