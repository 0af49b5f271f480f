import { APPROVED_VERBS } from './approved-verbs.ts';
import {
  commandArguments,
  commandName,
  commands,
  functionName,
  ofType,
  problemAt,
  walk,
  type Node,
  type Rule,
} from './powershell.ts';

/** The grammar knows no `??`, `?.` and no ternary: they are parse errors already. */
export const parses: Rule = ({ root }) =>
  walk(root)
    .filter((node) => node.isError || node.isMissing)
    .map((node) => problemAt(node, `cannot be parsed: ${node.text.slice(0, 40)}`));

/** Cmdlets and parameters that came after Windows PowerShell 5.1. */
const LATER_CMDLETS = [
  'Get-Error',
  'Join-String',
  'Test-Json',
  'Remove-Alias',
  'Get-Uptime',
  'ConvertTo-CliXml',
];
const LATER_PARAMETERS = [
  ['ForEach-Object', '-Parallel'],
  ['ConvertFrom-Json', '-AsHashtable'],
  ['ConvertFrom-Json', '-Depth'],
  ['Select-String', '-Raw'],
  ['Split-Path', '-LeafBase'],
] as const;

export const staysWithin51: Rule = ({ root }) => [
  ...ofType(root, 'pipeline_chain_tail').map((node) =>
    problemAt(node, 'a pipeline chain came with PowerShell 7'),
  ),
  ...ofType(root, 'class_statement', 'enum_statement').map((node) =>
    problemAt(node, 'no class and no enum: a type is made once a process'),
  ),
  ...commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    const given = commandArguments(command);
    if (/^using$/i.test(name)) return [problemAt(command, 'no using')];
    if (/^clean$/i.test(name) && given[0]?.startsWith('{') === true)
      return [problemAt(command, 'a clean block came with PowerShell 7.3')];
    if (LATER_CMDLETS.includes(name)) return [problemAt(command, `${name} came after 5.1`)];
    return LATER_PARAMETERS.filter(([cmdlet, parameter]) => cmdlet === name && given.includes(parameter)).map(
      ([cmdlet, parameter]) => problemAt(command, `${cmdlet} ${parameter} came after 5.1`),
    );
  }),
];

/** Ways to run text as code, or a shell that would. */
const SHELLS = /^(cmd|powershell|powershell_ise|pwsh|wscript|cscript|mshta|wmic|rundll32)(\.exe)?$/i;
const TEXT_RUNNERS = /^(Invoke-Expression|iex|Start-Process|Start-Job|Invoke-Command|Add-Type)$/i;
const TEXT_METHODS = ['create', 'invokescript', 'expandstring', 'newscriptblock', 'addscript', 'addcommand'];
const SHARED_FILE = /^\(Join-Path \$PSScriptRoot '(?:\.\.\\)?lib\\(?:[a-z]+\\)?[a-z-]+\.ps1'\)$/;

export const runsNoText: Rule = ({ root }) => [
  ...commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    if (TEXT_RUNNERS.test(name) || SHELLS.test(name)) return [problemAt(command, `${name} runs text`)];
    const given = commandArguments(command);
    if (given.some((argument) => /^-(Command|EncodedCommand)$/i.test(argument)))
      return [problemAt(command, 'a command in a string')];
    return isPlainCall(command)
      ? []
      : [problemAt(command, `a command that is not written down: ${command.text}`)];
  }),
  ...ofType(root, 'invokation_expression').flatMap((call) => {
    const method = call.children.find((child) => child.type === 'member_name')?.text ?? '';
    return TEXT_METHODS.includes(method.toLowerCase())
      ? [problemAt(call, `${method} makes code of text`)]
      : [];
  }),
];

/** A name, a script block in a variable (`& $Detect`), or a shared file taken in. */
function isPlainCall(command: Node): boolean {
  const called = command.children.find((child) => child.type === 'command_name_expr');
  if (!called) return true;
  return /^\$\w+$/.test(called.text) || SHARED_FILE.test(called.text);
}

/** Files that call .NET: what touches the machine in the seam, bytes and text beside it. */
const CALL_DOTNET = ['lib/seam', 'lib/seam-live', 'lib/codec', 'lib/certificate-blob', 'lib/text'];

export const callsDotNetInTheSeamAlone: Rule = ({ id, root }) =>
  CALL_DOTNET.includes(id)
    ? []
    : [
        ...ofType(root, 'invokation_expression', 'member_access')
          .filter(({ text }) => /^\[[A-Za-z.]+\]::/.test(text))
          .map((node) => problemAt(node, `.NET is called outside of the seam: ${node.text.slice(0, 60)}`)),
        ...commands(root)
          .filter((command) => commandName(command) === 'New-Object')
          .filter((command) => !/^(PSObject|System\.Collections\.)/.test(commandArguments(command)[0] ?? ''))
          .map((command) => problemAt(command, `.NET is used outside of the seam: ${command.text}`)),
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

/** What a translated Windows calls otherwise. Service accounts are not translated. */
const TRANSLATED =
  /\b(Everyone|BUILTIN\\|NT AUTHORITY\\SYSTEM|Authenticated Users|Remote Desktop - User Mode)/i;

export const knowsNoTranslatedNames: Rule = ({ root }) =>
  ofType(root, 'string_literal')
    .filter(({ text }) => TRANSLATED.test(text))
    .map((node) => problemAt(node, `a name that is translated: ${node.text}`));

export const isAscii: Rule = ({ text }) =>
  text.split('\n').flatMap((line, index) => {
    // Windows PowerShell reads a file without a mark in the system's code page.
    const foreign = /[^\t\r -~]/.exec(line);
    return foreign ? [{ line: index + 1, message: `not ASCII: ${foreign[0]}` }] : [];
  });
