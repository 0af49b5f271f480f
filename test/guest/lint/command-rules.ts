import {
  argumentNodes,
  argumentOf,
  commandArguments,
  commandName,
  commands,
  enclosingFunction,
  functionName,
  hasParameter,
  ofType,
  problemAt,
  type Node,
  type Rule,
} from './powershell.ts';
import { DEMANDS, OF_POWERSHELL, OF_WINDOWS, PROGRAMS } from './windows-commands.ts';

const SEAM = /^lib\/seam/;

/** Nothing but functions of our own, and commands of which is known what they need: `Restart-Service`, `Write-Information` are not. */
export function callsOnlyWhatIsKnown(own: ReadonlySet<string>): Rule {
  return ({ id, root }) =>
    commands(root).flatMap((command) => {
      const name = commandName(command);
      if (name === undefined || /^\d+\.\.\d+$/.test(name)) return [];
      if (name === 'ConvertTo-Json' && id !== 'lib/codec')
        return [problemAt(command, 'JSON is made in lib/codec alone')];
      if (name === 'diskpart.exe' && !SEAM.test(id))
        return [problemAt(command, 'diskpart.exe is of the seam alone')];
      return [own, OF_POWERSHELL, OF_WINDOWS, PROGRAMS].some((known) => known.has(name))
        ? []
        : [problemAt(command, `${name} is no command that is known here`)];
    });
}

/** What asks Windows says itself that an error ends it, where everybody can see it. */
export const stopsAtErrors: Rule = ({ root }) =>
  commands(root)
    .filter((command) => OF_WINDOWS.has(commandName(command) ?? ''))
    .filter((command) => argumentOf(command, '-ErrorAction') !== 'Stop')
    .map((command) => problemAt(command, `${commandName(command) ?? ''} without -ErrorAction Stop`));

export const givesWhatIsNeeded: Rule = ({ root }) =>
  commands(root).flatMap((command) =>
    DEMANDS.filter(({ command: name }) => name === commandName(command))
      .filter(({ parameter, must }) => hasParameter(command, parameter) !== must)
      .map(({ command: name, parameter, must, because }) =>
        problemAt(command, `${name} ${must ? 'without' : 'with'} ${parameter}: ${because}`),
      ),
  );

/** Functions whose programs are read without asking how they ended, and why that is right. */
const NOT_ASKED = [
  // Without netsh.exe no range is known, whatever it says.
  'Test-PortExcluded',
];

/** What a program prints is translated; its exit code is not. */
export const asksHowProgramsEnded: Rule = ({ root }) =>
  commands(root)
    .filter((command) => PROGRAMS.has(commandName(command) ?? ''))
    .filter((command) => {
      const own = enclosingFunction(command);
      if (own && NOT_ASKED.includes(functionName(own))) return false;
      return !ofType(own ?? command, 'variable').some(
        ({ text, startIndex }) => text === '$LASTEXITCODE' && startIndex > command.startIndex,
      );
    })
    .map((command) =>
      problemAt(command, `nobody asks how ${commandName(command) ?? ''} ended ($LASTEXITCODE)`),
    );

/** Ways to run text as code, or a shell that would. */
const SHELLS = /^(cmd|powershell|powershell_ise|pwsh|wscript|cscript|mshta|wmic|rundll32)(\.exe)?$/i;
const TEXT_RUNNERS = /^(Invoke-Expression|iex|Start-Process|Start-Job|Invoke-Command|Add-Type)$/i;
const TEXT_METHODS = ['create', 'invokescript', 'expandstring', 'newscriptblock', 'addscript', 'addcommand'];
const SHARED_FILE = /^\. \(Join-Path \$PSScriptRoot 'lib\\(?:[a-z-]+\\)?[a-z0-9-]+\.ps1'\)$/;

export const runsNoText: Rule = ({ root }) => [
  ...commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    if (TEXT_RUNNERS.test(name) || SHELLS.test(name)) return [problemAt(command, `${name} runs text`)];
    if (commandArguments(command).some((argument) => /^-(Command|EncodedCommand)$/i.test(argument)))
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

/** A name, a shared file taken in, or `& $Work`: a script block that the function was given. */
function isPlainCall(command: Node): boolean {
  const called = command.children.find((child) => child.type === 'command_name_expr');
  if (!called) return true;
  if (SHARED_FILE.test(command.text)) return true;
  const own = enclosingFunction(command);
  const declared = own ? ofType(own, 'script_parameter').map(({ text }) => text) : [];
  return (
    command.text.startsWith('& ') && declared.some((text) => text.endsWith(`[scriptblock] ${called.text}`))
  );
}

/** Texts with a value in them that a program is given: every value is ours, or was looked up by us. */
const OUR_TEXTS = [
  'reg.exe "HKLM\\$Name"',
  'reg.exe "$($Windows.Root)\\Windows\\System32\\config\\$File"',
  'gpupdate.exe "/wait:$script:PolicySeconds"',
];
/** A word, '...', a number, $a, $a.b.c, @a: what Windows PowerShell hands on as one argument. */
const ONE_ARGUMENT = /^(?:[^\s$"'`()@{};|&]+|'[^']*'|[$@][A-Za-z:]+(?:\.[A-Za-z]+)*)$/;

/** Arguments of programs, names of classes and addresses are written down, or are whole values. */
export const splicesNothing: Rule = ({ root }) =>
  commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    if (PROGRAMS.has(name))
      return argumentNodes(command)
        .filter(({ text }) => !ONE_ARGUMENT.test(text) && !OUR_TEXTS.includes(`${name} ${text}`))
        .map((argument) => problemAt(command, `${name} is given a text put together: ${argument.text}`));
    return ['-ClassName', '-Namespace', '-MethodName', '-Uri', '-LogName'].flatMap((parameter) => {
      if (!OF_WINDOWS.has(name)) return [];
      const given = argumentOf(command, parameter);
      return given === undefined || /^(?:[A-Za-z]\w*|'[^']*')$/.test(given)
        ? []
        : [problemAt(command, `${name} ${parameter} is not written down: ${given}`)];
    });
  });

/** What may be called from one function alone, which knows how to end it or checks what it is given. */
const CALLED_BY: Readonly<Record<string, string>> = {
  'reg.exe load': 'Mount-Hive',
  'Mount-Hive': 'Open-Disk',
  'Open-Disk': 'Invoke-DiskSession',
  'Invoke-DiskPart': 'Set-LetterByDiskPart',
};

/** Hives are loaded behind the clean-up of the disk session, and diskpart gets no value but ours. */
export const callsFromOnePlace: Rule = ({ root }) =>
  commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    const called = name === 'reg.exe' ? `${name} ${commandArguments(command)[0] ?? ''}` : name;
    const caller = CALLED_BY[called];
    const own = enclosingFunction(command);
    return caller === undefined || (own && functionName(own) === caller)
      ? []
      : [problemAt(command, `${called} is called by ${caller} alone`)];
  });
