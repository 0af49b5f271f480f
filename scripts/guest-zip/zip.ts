import { strToU8, zipSync, type Zippable } from 'fflate';
import { composeScript, type GuestScriptId } from '../../shared/guest/compose.ts';
import { readCauses } from '../generated/causes.ts';
import { allRecipes } from '../generated/recipes.ts';
import { readmeText } from './readme.ts';

const SCRIPTS: readonly GuestScriptId[] = ['collect', 'apply', 'peer-certificate'];

/** All that an engineer takes to a VM by hand: the scripts as they are sent to it, and how they are used. */
export async function guestZip(): Promise<Uint8Array> {
  const files: Zippable = { 'README.txt': strToU8(readmeText(allRecipes(await readCauses()))) };
  for (const id of SCRIPTS) files[`${id}.ps1`] = strToU8(composeScript(id));
  // The oldest date a zip knows, in the zone of whoever makes it: that is how it is written, so that the bytes are the same.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
