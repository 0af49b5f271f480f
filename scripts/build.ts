/**
 * Builds what `main` in package.json names: the app as one module, its packages left to node_modules. Another place
 * may be given as the one argument.
 */
import { build } from 'esbuild';

const [outfile = 'dist/functions/index.js'] = process.argv.slice(2);
await build({
  entryPoints: ['functions/index.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
});
