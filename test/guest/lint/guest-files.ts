import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePowerShell, type Script } from './powershell.ts';

const GUEST = join(import.meta.dirname, '../../../guest');
const DOT_SOURCE = /^\. \(Join-Path \$PSScriptRoot '([^']+)\.ps1'\)$/gm;

/** Text of a file of `guest/`, by its path without the ending: `collect`, `lib/facts/all`. */
export function readGuestFile(id: string): string {
  return readFileSync(join(GUEST, `${id}.ps1`), 'utf8');
}

const parsed = new Map<string, Promise<Script>>();

/** A file of `guest/`, parsed once. */
export function parseGuestFile(id: string): Promise<Script> {
  const known = parsed.get(id);
  if (known) return known;
  const made = parsePowerShell(id, readGuestFile(id));
  parsed.set(id, made);
  return made;
}

/** The scripts that are run: those at the top of `guest/`. */
export const SCRIPTS: readonly string[] = filesIn('.').toSorted();

/** What a script takes in, in that order. */
export function takenInBy(id: string): string[] {
  return [...readGuestFile(id).matchAll(DOT_SOURCE)].map(([, path = '']) => path.replaceAll('\\', '/'));
}

/** Everything that some script takes in. */
export const LIBS: readonly string[] = [...new Set(SCRIPTS.flatMap(takenInBy))].toSorted();

/** Everything below `guest/lib`. */
export function filesOfLib(): string[] {
  return readdirSync(join(GUEST, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ps1'))
    .map((name) => `lib/${name.replaceAll('\\', '/').replace(/\.ps1$/, '')}`)
    .toSorted();
}

function filesIn(folder: string): string[] {
  return readdirSync(join(GUEST, folder))
    .filter((name) => name.endsWith('.ps1'))
    .map((name) => name.replace(/\.ps1$/, ''));
}
