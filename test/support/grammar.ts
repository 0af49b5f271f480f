import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, Parser, type Node } from 'web-tree-sitter';

/** A parser of a language whose grammar a development package brings: `tree-sitter-bicep`. */
export async function loadGrammar(packageName: string): Promise<Parser> {
  await Parser.init();
  const require = createRequire(join(import.meta.dirname, 'grammar.ts'));
  const manifest = require.resolve(`${packageName}/package.json`);
  const made = new Parser();
  // Bytes, not a path: its loader would import a module, which Jest does not let it.
  made.setLanguage(await Language.load(readFileSync(join(manifest, '..', `${packageName}.wasm`))));
  return made;
}

const walked = new WeakMap<Node, Node[]>();

/** The node and everything below it, in the order of the text. */
export function walk(node: Node): Node[] {
  const known = walked.get(node);
  if (known) return known;
  const all: Node[] = [];
  const visit = (one: Node): void => {
    all.push(one);
    one.children.forEach(visit);
  };
  visit(node);
  walked.set(node, all);
  return all;
}

export function ofType(node: Node, ...types: string[]): Node[] {
  return walk(node).filter(({ type }) => types.includes(type));
}
