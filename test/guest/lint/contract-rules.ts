import type { GuestParameters } from '../../../shared/guest/parameters.ts';
import {
  argumentOf,
  commandName,
  commands,
  enclosingFunction,
  functionName,
  ofType,
  problemAt,
  topStatements,
  whole,
  type Node,
  type Rule,
  type Script,
} from './powershell.ts';

const FRAME = 'Invoke-Answer';
const HELP_SECTIONS = ['.SYNOPSIS', '.DESCRIPTION', '.EXAMPLE', '.NOTES'];
const HELP_WORDS = ['Detects:', 'Changes:', 'Needs:', 'Gives back:', 'Verify:', 'Undo:'];

/** The help an engineer reads before running it by hand. */
export const explainsItself: Rule = (script) => {
  const help = /^<#\r?\n([\s\S]*?)#>/.exec(script.text)?.[1] ?? '';
  const parameters = parametersOf(script).map(({ name }) => `.PARAMETER ${name}`);
  return [...HELP_SECTIONS, ...parameters, ...HELP_WORDS]
    .filter((wanted) => !help.includes(wanted))
    .map((wanted) => whole(`the help lacks ${wanted}`));
};

/** By it a run is known, and which of the lab's twins stands for it. */
export const carriesItsId: Rule = ({ id, text }) => {
  const ids = [...text.matchAll(/^# rdp-medic-script: (.+)$/gm)].map(([, found]) => found);
  return ids.length === 1 && ids[0] === id ? [] : [whole(`the id line says ${ids.join(', ')}`)];
};

/** A shared file says which it is, or that it is generated. */
export const saysWhichItIs: Rule = ({ id, text }) => {
  const [first = ''] = text.split(/\r?\n/);
  return first === `# rdp-medic-lib: ${id.replace(/^lib\//, '')}` ||
    first.startsWith('# Written by `npm run generate`')
    ? []
    : [whole(`begins with ${first}`)];
};

export const isStrict: Rule = ({ text }) =>
  ['[CmdletBinding()]', 'Set-StrictMode -Version Latest', "$ErrorActionPreference = 'Stop'"]
    .filter((line) => !text.split(/\r?\n/).includes(line))
    .map((line) => whole(`lacks the line ${line}`));

/**
 * One frame, at the very end, prints the answer on every path. Before it nothing runs that could fail outside of it, and
 * nothing in the script leaves early.
 */
export const endsInTheFrame: Rule = (script) => {
  const frames = commands(script.root).filter((command) => commandName(command) === FRAME);
  const [frame] = frames;
  if (!frame || frames.length > 1)
    return [whole(`calls ${FRAME} ${String(frames.length)} times instead of once`)];
  const last = topStatements(script).at(-1);
  return [
    ...(argumentOf(frame, '-Script') === `'${script.id}'`
      ? []
      : [problemAt(frame, 'the frame is given another id')]),
    ...(argumentOf(frame, '-Nonce') === '$Nonce' ? [] : [problemAt(frame, 'the frame is given no nonce')]),
    ...(last && last.startIndex <= frame.startIndex && frame.endIndex <= last.endIndex
      ? []
      : [problemAt(frame, 'something follows the frame')]),
    ...topStatements(script)
      .filter((statement) => statement !== last && !isHarmless(statement))
      .map((statement) => problemAt(statement, 'runs outside of the frame')),
  ];
};

/** Definitions, plain assignments, the shared files and strict mode. */
function isHarmless(statement: Node): boolean {
  if (['function_statement', 'empty_statement'].includes(statement.type)) return true;
  if (/^(Set-StrictMode -Version Latest|\. \(Join-Path \$PSScriptRoot )/.test(statement.text)) return true;
  return isAssignment(statement) && commands(statement).length === 0;
}

function isAssignment(statement: Node): boolean {
  return ofType(statement, 'assignment_expression')[0]?.startIndex === statement.startIndex;
}

/** What a shared file makes when it is taken in, outside of the frame: tables and constants, by nothing that could fail. */
export const makesConstantsOnly: Rule = (script) =>
  topStatements(script)
    .filter((statement) => !['function_statement', 'empty_statement'].includes(statement.type))
    .filter((statement) => !isAssignment(statement) || !commands(statement).every(isSafe))
    .map((statement) => problemAt(statement, `runs when it is taken in: ${statement.text.slice(0, 60)}`));

/** `ConvertFrom-Json` of a constant, a domain of a verb's argument, and a range, which the grammar takes for a command. */
function isSafe(command: Node): boolean {
  const name = commandName(command) ?? '';
  if (name === 'ConvertFrom-Json') return argumentOf(command, '-InputObject')?.startsWith("@'") === true;
  return name === 'New-Domain' || /^\d+\.\.\d+$/.test(name);
}

/** Only the frame ends the process, after the answer. */
export const leavesByTheFrame: Rule = ({ root }) =>
  ofType(root, 'flow_control_statement')
    .filter(({ text }) => /^exit\b/i.test(text))
    .filter((statement) => {
      const own = enclosingFunction(statement);
      return !own || functionName(own) !== FRAME;
    })
    .map((statement) => problemAt(statement, 'exit leaves without an answer'));

/**
 * Parameters are validated texts, Run Command passes nothing else; they take all that is sent, and what is not sent has a default.
 * @param sent what the service sends to this script, one entry a way of calling it
 * @param known names of all parameters that it knows
 */
export function takesWhatIsSent(sent: readonly GuestParameters[], known: ReadonlySet<string>): Rule {
  return (script) => {
    const declared = parametersOf(script);
    const names = new Set(declared.map(({ name }) => name));
    return [
      ...sent
        .flatMap((one) => Object.keys(one))
        .filter((name) => !names.has(name))
        .map((name) => whole(`takes no ${name}`)),
      ...declared.flatMap(({ name, isString, isMandatory, pattern, standard }) => [
        ...(known.has(name) ? [] : [whole(`${name} is no parameter that the service knows`)]),
        ...(isString ? [] : [whole(`${name} is no [string]`)]),
        ...(isMandatory === (standard === undefined) ? [] : [whole(`${name}: mandatory, or a default`)]),
        ...(pattern === undefined ? [whole(`${name} is not validated`)] : []),
        ...sent
          .flatMap((one) => one[name] ?? (isMandatory ? [undefined] : []))
          .filter((value) => value === undefined || !new RegExp(pattern ?? '').test(value))
          .map((value) => whole(`${name} does not take ${value ?? 'being left out'}`)),
      ]),
    ];
  };
}

interface Declared {
  name: string;
  isString: boolean;
  isMandatory: boolean;
  /** From end to end. */
  pattern: string | undefined;
  standard: string | undefined;
}

function parametersOf({ root }: Script): Declared[] {
  const block = root.children.find((child) => child.type === 'param_block');
  return (block ? ofType(block, 'script_parameter') : []).map(({ text }) => ({
    name: /\$(\w+)\s*(?:=|$)/.exec(text)?.[1] ?? '',
    isString: /\[string\]\s*\$/.test(text),
    isMandatory: /\[Parameter\(Mandatory\)\]/.test(text),
    pattern: /\[ValidatePattern\('(\^[^']*\$)'\)\]/.exec(text)?.[1] ?? setPattern(text),
    standard: /=\s*'([^']*)'$/.exec(text)?.[1],
  }));
}

function setPattern(text: string): string | undefined {
  const values = /\[ValidateSet\(([^)]*)\)\]/.exec(text)?.[1];
  return values && `^(?:${values.replaceAll("'", '').replaceAll(/,\s*/g, '|')})$`;
}
