import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

/** Writes the app as the compiler does, each module a file of its own, its packages left as they are installed. Gives back its entry. */
export function writeUnbundled(folder: string): string {
  for (const room of ['functions', 'shared'])
    for (const entry of readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' })) {
      const from = join(PACKAGE_ROOT, room, entry);
      const to = join(folder, room, entry).replace(/\.ts$/, '.js');
      if (!/\.(ts|json)$/.test(entry)) continue;
      mkdirSync(dirname(to), { recursive: true });
      const text = readFileSync(from, 'utf8');
      writeFileSync(
        to,
        entry.endsWith('.json') ? text : ts.transpileModule(text, { compilerOptions: OPTIONS }).outputText,
      );
    }
  for (const beside of ['package.json', 'host.json', 'guest', 'page'])
    cpSync(join(PACKAGE_ROOT, beside), join(folder, beside), { recursive: true });
  return join(folder, 'functions/index.js');
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2024,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};
