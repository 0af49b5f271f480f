import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MedicError } from '../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

const parameterSchema = z.strictObject({ pattern: z.string(), default: z.string().optional() });
const scriptSchema = z.strictObject({
  id: z.string().regex(/^(online|offline)\/[a-z-]+$/),
  /** Whether it may change anything on the machine. */
  changes: z.boolean(),
  timeoutSeconds: z.int().min(60).max(5400),
  parameters: z.record(z.string().regex(/^[A-Z][A-Za-z]+$/), parameterSchema),
});
const manifestSchema = z.strictObject({ scripts: z.array(scriptSchema) });
export type GuestScript = z.infer<typeof scriptSchema>;

/** The line by which a script takes in a shared file; see guest/README.md. */
const DOT_SOURCE = /^\. \(Join-Path \$PSScriptRoot '\.\.\\lib\\([a-z-]+\.ps1)'\)\r?$/gm;

const GUEST_FOLDER = join(PACKAGE_ROOT, 'guest');
const MANIFEST = manifestSchema.parse(JSON.parse(readFileSync(join(GUEST_FOLDER, 'manifest.json'), 'utf8')));

/** All scripts of the manifest. */
export const GUEST_SCRIPTS: readonly GuestScript[] = MANIFEST.scripts;

/** The manifest row of a script. @throws MedicError `Internal` for an id that is not in it. */
export function guestScript(id: string): GuestScript {
  const script = GUEST_SCRIPTS.find((row) => row.id === id);
  if (!script) throw new MedicError('Internal', `guest/manifest.json has no script ${id}.`);
  return script;
}

/** The text that is sent to a VM: the script with its shared files taken in where it dot-sources them. */
export function composeScript(id: string): string {
  const text = readFileSync(join(GUEST_FOLDER, `${guestScript(id).id}.ps1`), 'utf8');
  return text.replace(DOT_SOURCE, (_line, file: string) =>
    readFileSync(join(GUEST_FOLDER, 'lib', file), 'utf8'),
  );
}

/**
 * The parameters to pass, checked against the manifest: known names only, each value against its pattern
 * (the script checks once more). Nothing is ever spliced into a script.
 * @throws MedicError `RequestInvalid`.
 */
export function checkParameters(id: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const { parameters } = guestScript(id);
  const unknown = Object.keys(given).find((name) => !(name in parameters));
  if (unknown !== undefined) throw new MedicError('RequestInvalid', `${id} has no parameter ${unknown}.`);
  const checked: Record<string, string> = {};
  for (const [name, { pattern, default: fallback }] of Object.entries(parameters)) {
    const value = given[name] ?? fallback;
    if (value === undefined) throw new MedicError('RequestInvalid', `${id} needs the parameter ${name}.`);
    if (!new RegExp(pattern).test(value)) {
      throw new MedicError('RequestInvalid', `${id}: ${name} must match ${pattern}.`);
    }
    checked[name] = value;
  }
  return checked;
}
