import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { loadGrammar, ofType, walk } from '../support/grammar.ts';

/** A Bicep file as its grammar reads it. */
export interface BicepFile {
  /** From the root of the project: `infra/main.bicep`. */
  path: string;
  text: string;
  root: Node;
}

/** A declaration with what stands above it. */
export interface Declared {
  name: string;
  node: Node;
  /** Names of its decorators: `description`, `allowed`, `secure`. */
  decorators: readonly string[];
  hasDefault: boolean;
}

const parser = loadGrammar('tree-sitter-bicep');

/** Every Bicep file of `infra/`, parsed. */
export async function bicepFiles(): Promise<BicepFile[]> {
  const names = readdirSync(join(PACKAGE_ROOT, 'infra'), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.bicep')).map((name) => join('infra', name));
  return Promise.all(paths.sort().map(bicepFile));
}

/** One file, parsed. */
export async function bicepFile(path: string): Promise<BicepFile> {
  const text = readFileSync(join(PACKAGE_ROOT, path), 'utf8');
  const tree = (await parser).parse(text);
  if (!tree) throw new Error(`${path} cannot be parsed`);
  return { path, text, root: tree.rootNode };
}

/** Places that the grammar does not know, each with its line. */
export function faultsIn({ root }: BicepFile): string[] {
  return walk(root)
    .filter((node) => node.type === 'ERROR' || node.isMissing)
    .map((node) => `line ${String(node.startPosition.row + 1)}: ${node.text.slice(0, 60)}`);
}

export const parametersOf = (file: BicepFile): Declared[] => declared(file, 'parameter_declaration');
export const outputsOf = (file: BicepFile): Declared[] => declared(file, 'output_declaration');

function declared({ root }: BicepFile, type: string): Declared[] {
  return ofType(root, type).map((node) => {
    const above = node.previousNamedSibling;
    const decorators =
      above?.type === 'decorators'
        ? ofType(above, 'decorator').map((one) => ofType(one, 'identifier')[0]?.text ?? '')
        : [];
    const hasDefault = node.children.some((child) => child.type === '=');
    return { name: nameOf(node), node, decorators, hasDefault };
  });
}

/** The first identifier of a declaration. */
export function nameOf(node: Node): string {
  return node.namedChildren.find((child) => child.type === 'identifier')?.text ?? '';
}

/** What stands between the quotes. */
export const textOf = (string: Node): string => string.text.slice(1, -1);

/** Types of the resources that a file declares, nested ones whole, each with its version where it has one of its own. */
export function resourcesOf({ root }: BicepFile): { type: string; version: string | undefined }[] {
  return ofType(root, 'resource_declaration').map((node) => {
    const written = node.namedChildren.find((child) => child.type === 'string');
    const [type = '', version] = (written ? textOf(written) : '').split('@');
    return { type, version };
  });
}

export interface Module {
  /** Path of the file, from the root of the project. */
  path: string;
  /** Names of the parameters that are given. */
  given: string[];
}

/** The modules that a file calls. */
export function modulesOf({ path, root }: BicepFile): Module[] {
  return ofType(root, 'module_declaration').map((node) => {
    const written = node.namedChildren.find((child) => child.type === 'string');
    const params = ofType(node, 'object_property').find((one) => keyOf(one) === 'params');
    const object = params?.namedChildren.find((child) => child.type === 'object');
    const given = object?.namedChildren.filter((child) => child.type === 'object_property').map(keyOf) ?? [];
    return { path: join(path, '..', written ? textOf(written) : ''), given };
  });
}

/** The key of a property, without quotes. */
export function keyOf(property: Node): string {
  const [key] = property.namedChildren;
  return key?.type === 'string' ? textOf(key) : (key?.text ?? '');
}

/** Keys of every object in a file, and of every property of a type. */
export function keysIn({ root }: BicepFile): string[] {
  return ofType(root, 'object_property').map(keyOf);
}
