import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');

/** Of hundreds of files each, which every test file would read and run anew; by the module that is their entry. */
const ENTRIES = {
  '@azure/arm-compute': 'dist/esm/index.js',
  '@azure/arm-monitor': 'dist/esm/index.js',
  '@azure/arm-network': 'dist/esm/index.js',
  zod: 'index.js',
};

/**
 * Packages that the tests read as one file each, made by the tests' global setup: their own code alone, so that what they import is shared
 * with all others.
 * @type {readonly { name: string; entry: string; file: string }[]}
 */
export const BUNDLED_PACKAGES = Object.entries(ENTRIES).map(([name, entry]) => {
  const { version } = JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8'));
  return {
    name,
    entry: join(MODULES, name, entry),
    file: join(ROOT, '.rdp-medic/packages', `${name.replace('/', '+')}-${version}.cjs`),
  };
});
