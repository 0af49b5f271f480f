import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './index.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('A change that a test must notice (npm run mutants)', () => {
  it.each(MUTANTS)('can be made: $file, $what', ({ file, from, to, killedBy }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(text.split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
    expect(existsSync(join(ROOT, killedBy.file))).toBe(true);
  });
});
