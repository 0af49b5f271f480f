/** Writes what is made from shared/causes (`npm run generate`); `test/shared/causes/generated.test.ts` finds what is stale. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './generated/files.ts';

for (const { path, text, isFresh } of await generatedFiles()) {
  if (isFresh) continue;
  writeFileSync(join(import.meta.dirname, '..', path), text);
  console.log(`written: ${path}`);
}
