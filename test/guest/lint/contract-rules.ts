import { GUEST_SCRIPTS } from '../../../shared/catalog/guest-scripts.ts';
import {
  commandArguments,
  commandName,
  commands,
  enclosingFunction,
  functionName,
  ofType,
  problemAt,
  topStatements,
  type Node,
  type Problem,
  type Rule,
  type Script,
} from './powershell.ts';

const FRAMES = ['Invoke-RdpMedicScript', 'Invoke-OfflineRepair'];
const HELP_SECTIONS = ['.SYNOPSIS', '.DESCRIPTION', '.EXAMPLE', '.NOTES'];
const HELP_WORDS = ['Detects:', 'Changes:', 'Needs:', 'Gives back:', 'Verify:', 'Undo:'];
const LONGEST = { script: 150, lib: 300 };

function whole(message: string): Problem {
  return { line: 1, message };
}

/** The help an engineer reads before running it by hand. */
export const explainsItself: Rule = (script) => {
  const help = /^<#\r?\n([\s\S]*?)#>/.exec(script.text)?.[1] ?? '';
  const parameters = parametersOf(script).map(({ name }) => `.PARAMETER ${name}`);
  return [...HELP_SECTIONS, ...parameters, ...HELP_WORDS]
    .filter((wanted) => !help.includes(wanted))
    .map((wanted) => whole(`the help lacks ${wanted}`));
};

export const carriesItsId: Rule = ({ id, text }) => {
  const ids = [...text.matchAll(/^# rdp-medic-script: (.+)$/gm)].map(([, found]) => found);
  return ids.length === 1 && ids[0] === id ? [] : [whole(`the id line says ${ids.join(', ')}`)];
};

export const isStrict: Rule = ({ text }) =>
  ['Set-StrictMode -Version Latest', "$ErrorActionPreference = 'Stop'"]
    .filter((line) => !text.split(/\r?\n/).includes(line))
    .map((line) => whole(`lacks the line ${line}`));

export const isReadInOneGo: Rule = ({ id, text }) => {
  const most = id.startsWith('lib/') ? LONGEST.lib : LONGEST.script;
  const lines = text.trimEnd().split('\n').length;
  return lines > most ? [whole(`${String(lines)} lines, more than ${String(most)}`)] : [];
};

/**
 * One frame, at the very end, prints the result line on every path. Before it nothing runs that could fail
 * outside of it, and nothing in the script leaves early.
 */
export const endsInOneFrame: Rule = (script) => {
  const frames = commands(script.root).filter((command) => FRAMES.includes(commandName(command) ?? ''));
  const [frame] = frames;
  if (!frame || frames.length > 1) return [whole(`calls ${String(frames.length)} frames instead of one`)];
  const named = commandArguments(frame);
  const isNamed = named[named.indexOf('-Id') + 1] === `'${script.id}'`;
  const last = topStatements(script).at(-1);
  return [
    ...(isNamed ? [] : [problemAt(frame, 'the frame is given another id')]),
    ...(last && last.startIndex <= frame.startIndex && frame.endIndex <= last.endIndex
      ? []
      : [problemAt(frame, 'something follows the frame')]),
    ...topStatements(script)
      .filter((statement) => statement !== last && !isHarmless(statement))
      .map((statement) => problemAt(statement, 'runs outside of the frame')),
    ...ofType(script.root, 'flow_control_statement')
      .filter((statement) => /^exit\b/i.test(statement.text))
      .map((statement) => problemAt(statement, 'exit leaves without a result line')),
  ];
};

/** Definitions, plain assignments, the shared files and strict mode. */
function isHarmless(statement: Node): boolean {
  if (['function_statement', 'empty_statement'].includes(statement.type)) return true;
  if (/^(Set-StrictMode -Version Latest|\. \(Join-Path \$PSScriptRoot )/.test(statement.text)) return true;
  const isAssignment = ofType(statement, 'assignment_expression')[0]?.startIndex === statement.startIndex;
  // A script block only runs inside the frame; anything else that runs here could fail.
  const outside = commands(statement).filter((command) => !isInScriptBlock(command, statement));
  return isAssignment && outside.length === 0;
}

function isInScriptBlock(node: Node, within: Node): boolean {
  for (let up = node.parent; up && up.id !== within.id; up = up.parent)
    if (up.type === 'script_block_expression') return true;
  return false;
}

/** Their frames unload in a `finally`, or after a `catch` of everything. */
const FRAMED = ['lib/offline', 'lib/disk-session'];

/** `reg load` is followed by an unload in a `finally`: in the same function, or in the frame that Mount-Hive serves. */
export const unloadsWhatItLoads: Rule = ({ id, root }) =>
  commands(root)
    .filter((command) => commandName(command) === 'reg.exe' && commandArguments(command)[0] === 'load')
    .filter((command) => {
      const own = enclosingFunction(command);
      if (FRAMED.includes(id) && own && functionName(own) === 'Mount-Hive') return false;
      return !ofType(own ?? root, 'finally_clause').some((clause) =>
        commands(clause).some(
          (inner) => commandName(inner) === 'reg.exe' && commandArguments(inner)[0] === 'unload',
        ),
      );
    })
    .map((command) => problemAt(command, 'reg load without an unload in finally'));

/** Parameters are strings, validated, and the same as the manifest says. */
export const takesWhatTheManifestSays: Rule = (script) => {
  const row = GUEST_SCRIPTS.find(({ id }) => id === script.id);
  if (!row) return [whole('is not in guest/manifest.json')];
  const declared = parametersOf(script);
  const names = [...new Set([...Object.keys(row.parameters), ...declared.map(({ name }) => name)])];
  return names.flatMap((name) => {
    const wanted = row.parameters[name];
    const found = declared.find((parameter) => parameter.name === name);
    if (!wanted || !found) return [whole(`${name} is only in the ${wanted ? 'manifest' : 'script'}`)];
    return [
      ...(found.isString ? [] : [whole(`${name} is no [string]: Run Command passes nothing else`)]),
      ...(found.pattern === wanted.pattern
        ? []
        : [
            whole(
              `${name} is validated by ${found.pattern ?? 'nothing'}, the manifest says ${wanted.pattern}`,
            ),
          ]),
      ...(found.default === wanted.default
        ? []
        : [whole(`${name} has another default than in the manifest`)]),
      ...(found.isMandatory === (wanted.default === undefined)
        ? []
        : [whole(`${name}: mandatory, or a default`)]),
    ];
  });
};

interface Declared {
  name: string;
  isString: boolean;
  isMandatory: boolean;
  pattern: string | undefined;
  default: string | undefined;
}

function parametersOf({ root }: Script): Declared[] {
  const block = root.children.find((child) => child.type === 'param_block');
  return (block ? ofType(block, 'script_parameter') : []).map(({ text }) => {
    const set = /\[ValidateSet\(([^)]*)\)\]/.exec(text)?.[1];
    return {
      name: /\$(\w+)\s*(?:=|$)/.exec(text)?.[1] ?? '',
      isString: text.includes('[string]'),
      isMandatory: /\[Parameter\(Mandatory\)\]/.test(text),
      pattern:
        set === undefined
          ? /\[ValidatePattern\('([^']*)'\)\]/.exec(text)?.[1]
          : `^(${set
              .split(',')
              .map((value) => value.trim().replaceAll("'", ''))
              .join('|')})$`,
      default: /=\s*'([^']*)'$/.exec(text)?.[1],
    };
  });
}
