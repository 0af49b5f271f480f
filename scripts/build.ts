/**
 * Builds `dist`: the app as one module, which `main` in package.json names, its packages left to node_modules; and the command line with
 * the embedded host and the lab, for installed packages, where Node strips no types. Another place for the app alone may be given as the
 * one argument.
 */
import { build, type BuildOptions } from 'esbuild';
import { rmSync } from 'node:fs';
import { readPackage } from './package-json.ts';

const APP: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
};

const [outfile] = process.argv.slice(2);
await build({
  ...APP,
  entryPoints: ['functions/index.ts'],
  outfile: outfile ?? 'dist/functions/index.js',
  packages: 'external',
  sourcemap: true,
});
if (outfile === undefined) await buildCommandLine();

/** Everything that is not installed with the package is built in; what is loaded on demand stays a file of its own. */
async function buildCommandLine(): Promise<void> {
  const { dependencies } = readPackage();
  rmSync('dist/cli', { recursive: true, force: true });
  await build({
    ...APP,
    entryPoints: { bin: 'cli/bin.ts', 'functions-core': 'local/host/functions-core.ts' },
    outdir: 'dist/cli',
    splitting: true,
    // Side by side: the host finds its own part of the contract beside itself.
    chunkNames: '[name]-[hash]',
    target: 'node20',
    // Of a package that is no module, one that is loaded on demand would have no names.
    mainFields: ['module', 'main'],
    external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
    // Packages that are built in may ask for Node's own parts in the old way.
    banner: {
      js: "import { createRequire as createRequireOfPackage } from 'node:module'; const require = createRequireOfPackage(import.meta.url);",
    },
  });
}
