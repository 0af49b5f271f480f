/** Prints what CHANGELOG.md says of a version: `node scripts/release-notes.ts 1.2.3`. Fails where it says nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesOf } from './release/notes.ts';

const [version = ''] = process.argv.slice(2);
const notes = notesOf(readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8'), version);
if (notes === undefined) {
  console.error(`CHANGELOG.md has no section ${version}.`);
  process.exitCode = 1;
} else console.log(notes);
