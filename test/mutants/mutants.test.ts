import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUARDS, REVIEWED } from './guards.ts';
import { MUTANTS } from './index.ts';
import { squeezed } from './score.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('A change that a test must notice (npm run mutants)', () => {
  it.each(MUTANTS)('can be made: $file, $what', ({ file, from, to, killedBy }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(text.split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
    expect(existsSync(join(ROOT, killedBy.file))).toBe(true);
  });
});

describe('A surviving mutant of Stryker that is reviewed (npm run stryker)', () => {
  it.each(REVIEWED)('is in a guard, and its text still stands there: $file, $from', ({ file, from }) => {
    expect(Object.values(GUARDS).flat()).toContain(file);
    expect(squeezed(readFileSync(join(ROOT, file), 'utf8'))).toContain(from);
  });
});
