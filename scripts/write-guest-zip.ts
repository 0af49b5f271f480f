/** Writes the guest's scripts for use by hand (`npm run guest:zip`); another place may be given as the one argument. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { guestZip } from './guest-zip/zip.ts';

const [place = 'dist/rdp-medic-guest.zip'] = process.argv.slice(2);
mkdirSync(dirname(place), { recursive: true });
writeFileSync(place, await guestZip());
console.log(`written: ${place}`);
