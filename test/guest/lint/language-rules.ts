import { APPROVED_VERBS } from './approved-verbs.ts';
import {
  commandArguments,
  commandName,
  commands,
  functionName,
  hasParameter,
  ofType,
  problemAt,
  walk,
  whole,
  type Rule,
} from './powershell.ts';

/** The grammar knows no `??`, `?.` and no ternary: they are parse errors already. */
export const parses: Rule = ({ root }) =>
  walk(root)
    .filter((node) => node.isError || node.isMissing)
    .map((node) => problemAt(node, `cannot be parsed: ${node.text.slice(0, 40)}`));

/** Parameters that came after Windows PowerShell 5.1, of commands it has. */
const LATER_PARAMETERS = [
  ['ForEach-Object', '-Parallel'],
  ['ConvertFrom-Json', '-AsHashtable'],
  ['ConvertFrom-Json', '-Depth'],
  ['ConvertFrom-Json', '-NoEnumerate'],
  ['ConvertTo-Json', '-AsArray'],
  ['ConvertTo-Json', '-EnumsAsStrings'],
  ['ConvertTo-Json', '-EscapeHandling'],
  ['Join-Path', '-AdditionalChildPath'],
  ['Get-Date', '-AsUTC'],
  ['Sort-Object', '-Top'],
  ['Sort-Object', '-Bottom'],
  ['Sort-Object', '-Stable'],
  ['Select-Object', '-SkipIndex'],
  ['Start-Sleep', '-Duration'],
  ['Set-Service', '-Credential'],
  ['Invoke-WebRequest', '-SkipHttpErrorCheck'],
  ['Invoke-WebRequest', '-NoProxy'],
] as const;
/** Not there, so an error under strict mode. */
const LATER_VARIABLES = /^\$(Is(Windows|Linux|MacOS|CoreCLR)|PSStyle|EnabledExperimentalFeatures)$/i;
/** `` `e `` and `` `u{20ac} ``. */
const LATER_ESCAPES = /(?<!`)(?:``)*`(?:e|u\{)/;

export const staysWithin51: Rule = ({ root }) => [
  ...ofType(root, 'pipeline_chain_tail').map((node) =>
    problemAt(node, 'a pipeline chain came with PowerShell 7'),
  ),
  ...ofType(root, 'class_statement', 'enum_statement').map((node) =>
    problemAt(node, 'no class and no enum: a type is made once a process'),
  ),
  ...ofType(root, 'variable')
    .filter(({ text }) => LATER_VARIABLES.test(text))
    .map((node) => problemAt(node, `${node.text} came with PowerShell 6`)),
  ...ofType(root, 'expandable_string_literal', 'expandable_here_string_literal')
    .filter(({ text }) => LATER_ESCAPES.test(text))
    .map((node) => problemAt(node, 'an escape that came with PowerShell 6')),
  ...commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    const given = commandArguments(command);
    if (/^using$/i.test(name)) return [problemAt(command, 'no using')];
    if (/^clean$/i.test(name) && given[0]?.startsWith('{') === true)
      return [problemAt(command, 'a clean block came with PowerShell 7.3')];
    return LATER_PARAMETERS.filter(
      ([cmdlet, parameter]) => cmdlet === name && hasParameter(command, parameter),
    ).map(([cmdlet, parameter]) => problemAt(command, `${cmdlet} ${parameter} came after 5.1`));
  }),
];

export const namesWithApprovedVerbs: Rule = ({ root }) =>
  ofType(root, 'function_statement').flatMap((statement) => {
    const name = functionName(statement);
    const [verb = '', noun] = name.split('-');
    if (noun === undefined || !/^[A-Z][A-Za-z0-9]+$/.test(noun))
      return [problemAt(statement, `${name} is no Verb-Noun`)];
    return APPROVED_VERBS.has(verb) ? [] : [problemAt(statement, `${verb} is no approved verb`)];
  });

/** A cmdlet or function by its full name, or a program with its ending: `sc` is Set-Content, `sc.exe` is not. */
export const usesNoAliases: Rule = ({ root }) =>
  commands(root).flatMap((command) => {
    const name = commandName(command);
    if (
      name === undefined ||
      // The grammar takes a range for a command.
      /^\d+\.\.\d+$/.test(name) ||
      /^[A-Z][A-Za-z]*-[A-Z][A-Za-z0-9]*$/.test(name) ||
      /^[a-z0-9]+\.exe$/.test(name)
    )
      return [];
    return [problemAt(command, `${name} is an alias, or a program without its ending`)];
  });

/** PowerShell fills them itself; under 5.1 an assignment is taken back without a word, or breaks what reads them. */
const AUTOMATIC =
  /^\$(args|error|event|eventargs|eventsubscriber|foreach|home|host|input|matches|pid|profile|psitem|sender|stacktrace|switch|this|pwd)$/i;

export const assignsNoAutomaticVariable: Rule = ({ root }) =>
  ofType(root, 'variable')
    .filter(({ text }) => AUTOMATIC.test(text))
    .filter(({ parent, text }) => {
      if (parent?.type === 'foreach_statement' || parent?.type === 'script_parameter') return true;
      for (let up = parent; up; up = up.parent)
        if (up.type === 'left_assignment_expression') return up.text === text;
      return false;
    })
    .map((node) => problemAt(node, `${node.text} is PowerShell's own`));

export const isAscii: Rule = ({ text }) =>
  text.split('\n').flatMap((line, index) => {
    // Windows PowerShell reads a file without a mark in the system's code page.
    const foreign = /[^\t\r -~]/.exec(line);
    return foreign ? [{ line: index + 1, message: `not ASCII: ${foreign[0]}` }] : [];
  });

const LONGEST = { script: 150, lib: 300, seam: 200 };

/** The seam is the part that never runs in the lab: it is to be read at once. */
export const isReadInOneGo: Rule = ({ id, text }) => {
  const kind = id.startsWith('lib/seam') ? 'seam' : id.startsWith('lib/') ? 'lib' : 'script';
  const lines = text.trimEnd().split('\n').length;
  return lines > LONGEST[kind] ? [whole(`${String(lines)} lines, more than ${String(LONGEST[kind])}`)] : [];
};
