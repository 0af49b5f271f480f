import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.looseObject({ type: z.string() })]).optional(),
});

/** A package of others that is built in. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** As its own manifest has it, an SPDX expression mostly. */
  readonly license: string;
  /** Its own licence file; empty where it comes without one. */
  readonly text: string;
}

const PACKAGE = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/**
 * The packages that files of a bundle come from, each once, by name.
 * @param inputs paths of those files, relative to the project
 */
export function noticesOf(inputs: readonly string[]): Notice[] {
  const folders = new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []));
  const notices = [...folders].map((folder) => noticeOf(join(PACKAGE_ROOT, folder)));
  const byName = new Map(notices.map((notice) => [`${notice.name} ${notice.version}`, notice]));
  return [...byName.values()].sort(
    (one, other) => one.name.localeCompare(other.name, 'en') || one.version.localeCompare(other.version),
  );
}

function noticeOf(folder: string): Notice {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const file = existsSync(folder) ? readdirSync(folder).find((name) => LICENCE_FILE.test(name)) : undefined;
  const { name, version, license } = manifest;
  return {
    name,
    version,
    license: typeof license === 'string' ? license : (license?.type ?? 'not named'),
    text: file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim(),
  };
}

/** What goes with the package as THIRD-PARTY-NOTICES.txt. */
export function toText(notices: readonly Notice[]): string {
  const list = notices.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = notices
    .filter(({ text }) => text !== '')
    .map(({ name, version, text }) => `${'-'.repeat(78)}\n${name} ${version}\n\n${text}`);
  return `Packages that are built into this one, and their licences.\n\n${list.join('\n')}\n\n${texts.join('\n\n')}\n`;
}
