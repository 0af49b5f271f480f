import type { Node, Parser } from 'web-tree-sitter';
import { loadGrammar, ofType, walk } from '../../support/grammar.ts';

export { ofType, walk };
export type { Node };

/** A guest script or one of its shared files, parsed. */
export interface Script {
  /** `collect`, `lib/facts/all`. */
  id: string;
  text: string;
  root: Node;
}

/** What is wrong with a script, with its line. */
export interface Problem {
  line: number;
  message: string;
}

export type Rule = (script: Script) => Problem[];

let parser: Promise<Parser> | undefined;

/** Parses PowerShell; the grammar ships with its package. */
export async function parsePowerShell(id: string, text: string): Promise<Script> {
  parser ??= loadGrammar('tree-sitter-powershell');
  const tree = (await parser).parse(text);
  if (!tree) throw new Error(`${id} cannot be parsed`);
  return { id, text, root: tree.rootNode };
}

export function problemAt(node: Node, message: string): Problem {
  return { line: node.startPosition.row + 1, message };
}

/** Something that is wrong with a file as a whole. */
export function whole(message: string): Problem {
  return { line: 1, message };
}

/** Name of a command; `undefined` when it is not a plain word. */
export function commandName(command: Node): string | undefined {
  return command.children.find((child) => child.type === 'command_name')?.text;
}

/** Arguments of a command, parameters among them. */
export function argumentNodes(command: Node): Node[] {
  const elements = command.children.find((child) => child.type === 'command_elements');
  return (elements?.children ?? []).filter((child) => child.type !== 'command_argument_sep');
}

/** As `argumentNodes`, as written. */
export function commandArguments(command: Node): string[] {
  return argumentNodes(command).map(({ text }) => text.trim());
}

/** Whether a parameter is given; names of commands and of parameters have no case. */
export function hasParameter(command: Node, name: string): boolean {
  return commandArguments(command).some((one) => one.toLowerCase() === name.toLowerCase());
}

/** What follows a parameter, as written. */
export function argumentOf(command: Node, name: string): string | undefined {
  const given = commandArguments(command);
  const at = given.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  return at < 0 ? undefined : given[at + 1];
}

export function commands(node: Node): Node[] {
  return ofType(node, 'command');
}

export function functionName(statement: Node): string {
  return statement.children.find((child) => child.type === 'function_name')?.text ?? '';
}

/** The function a node stands in. */
export function enclosingFunction(node: Node): Node | undefined {
  for (let up = node.parent; up; up = up.parent) if (up.type === 'function_statement') return up;
  return undefined;
}

/** Statements outside every function and block. */
export function topStatements({ root }: Script): Node[] {
  return root.children
    .filter((child) => child.type === 'statement_list')
    .flatMap((list) => list.children)
    .filter((statement) => statement.isNamed && statement.type !== 'comment');
}
