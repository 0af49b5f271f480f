/** Writes docs/errors.md from the error table; `test/shared/errors.test.ts` keeps the two equal. */
import { writeFileSync } from 'node:fs';
import { errorsDocument } from '../shared/errors-document.ts';

writeFileSync('docs/errors.md', errorsDocument());
