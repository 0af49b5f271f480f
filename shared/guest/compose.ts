import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MedicError } from '../errors.ts';
import type { GuestTask } from '../model/guest-run.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The scripts of `guest/` that are sent to a VM. */
export type GuestScriptId = GuestTask['script'];

/** After how many seconds Azure stops a script; each ends by itself well before. */
const TIMEOUT_SECONDS: Readonly<Record<GuestScriptId, number>> = {
  collect: 600,
  apply: 1800,
  'peer-certificate': 300,
};

/** The line by which a script takes in a shared file: `. (Join-Path $PSScriptRoot 'lib\facts\boot.ps1')`. */
const DOT_SOURCE = /^\. \(Join-Path \$PSScriptRoot '((?:[a-z-]+\\)*[A-Za-z-]+\.ps1)'\)[ \t]*$/;
/** Comments that something reads: the id, by which a run is known, and the marks around the seam. */
const KEPT_COMMENT = /^#(?: rdp-medic-script: |region seam$|endregion seam$)/;
const HERE_STRING_BEGINS = /@(['"])$/;
const LONGEST_BYTES = 200_000;

const GUEST_FOLDER = join(PACKAGE_ROOT, 'guest');
const composed = new Map<GuestScriptId, string>();

/**
 * The text that is sent to a VM: the script with its shared files in place of the lines that take them in, without what only
 * people read. Nothing is ever spliced into it: values travel as parameters.
 * @throws MedicError `Internal` when a file is missing or the text is longer than Run Command takes.
 */
export function composeScript(id: GuestScriptId): string {
  const known = composed.get(id);
  if (known !== undefined) return known;
  const text = withoutComments(takeIn(`${id}.ps1`, [])).join('\n') + '\n';
  if (Buffer.byteLength(text) > LONGEST_BYTES)
    throw new MedicError('Internal', `guest/${id}.ps1 is too long for Run Command`);
  composed.set(id, text);
  return text;
}

/** After how many seconds Azure is to stop a script. */
export function timeoutSecondsOf(id: GuestScriptId): number {
  return TIMEOUT_SECONDS[id];
}

/** Lines of a file and of those it takes in; one taken in before is not taken in again. */
function takeIn(file: string, taken: string[]): string[] {
  taken.push(file.toLowerCase());
  return readGuestFile(file)
    .split(/\r?\n/)
    .flatMap((line) => {
      const name = DOT_SOURCE.exec(line)?.[1]?.replaceAll('\\', '/');
      if (name === undefined) return [line];
      return taken.includes(name.toLowerCase()) ? [] : takeIn(name, taken);
    });
}

function readGuestFile(file: string): string {
  try {
    return readFileSync(join(GUEST_FOLDER, file), 'utf8');
  } catch (error) {
    throw new MedicError('Internal', `guest/${file} cannot be read.`, { cause: error });
  }
}

/** Blank lines, lines that are comments, and the help: a third of the text. What stands in a here-string stays. */
function withoutComments(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let inHelp = false;
  let hereString: string | undefined;
  for (const line of lines) {
    const text = line.trim();
    if (hereString !== undefined) {
      kept.push(line);
      if (line.startsWith(`${hereString}@`)) hereString = undefined;
      continue;
    }
    if (inHelp || text.startsWith('<#')) {
      inHelp = !text.endsWith('#>');
      continue;
    }
    if (text === '' || (text.startsWith('#') && !KEPT_COMMENT.test(text))) continue;
    hereString = HERE_STRING_BEGINS.exec(text)?.[1];
    kept.push(line.trimEnd());
  }
  return kept;
}
