import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder that holds host.json, up from here: data files (guest scripts, connectors) are read from beside it,
 * from the sources and from the built app alike.
 */
export const PACKAGE_ROOT = findRoot(import.meta.dirname);

function findRoot(from: string): string {
  if (existsSync(join(from, 'host.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('host.json is missing from the package');
  return findRoot(parent);
}
