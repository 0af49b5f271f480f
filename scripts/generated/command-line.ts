import type { Command } from 'commander';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import { createProgram } from '../../cli/parser/program.ts';

/** Every command with its words and options, from the parser's own tree. */
export function commandSections(): string {
  const program = createProgram('0', () => undefined);
  return leaves(program)
    .map(({ path, command }) => section(path, command))
    .join('\n\n');
}

/** The exit codes of docs/how-to-use-the-command-line.md, a row each. */
export function exitCodeRows(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return ['| Code | Meaning |', '| --- | --- |', ...rows].join('\n');
}

interface Leaf {
  path: string;
  command: Command;
}

/** The commands that do something, `policy explain` and not `policy`. */
function leaves(parent: Command, before = ''): Leaf[] {
  return parent.commands.flatMap((command) => {
    const path = `${before}${command.name()}`;
    return command.commands.length > 0 ? leaves(command, `${path} `) : [{ path, command }];
  });
}

function section(path: string, command: Command): string {
  const help = command.createHelp();
  const words = command.registeredArguments.map(({ required, variadic }, index) => {
    const name = `${help.visibleArguments(command)[index]?.name() ?? ''}${variadic ? '...' : ''}`;
    return required ? `<${name}>` : `[${name}]`;
  });
  const rows = [
    ...command.registeredArguments.map((one) => [`\`${one.name()}\``, help.argumentDescription(one)]),
    ...command.options.map((option) => [`\`${option.flags}\``, help.optionDescription(option)]),
  ];
  return [
    `### \`rdp-medic ${[path, ...words].join(' ')}\``,
    '',
    `${command.description()}.`,
    ...(rows.length === 0 ? [] : ['', '| Argument | Meaning |', '| --- | --- |', ...rows.map(row)]),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
