import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUARDS, REVIEWED } from './guards.ts';
import { MUTANTS } from './index.ts';
import { isSampled } from './sample.ts';
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

describe('The sample of a group whose tests take long (npm run stryker)', () => {
  const changes = Array.from({ length: 4000 }, (_, line) => ({ file: 'a.ts', line, column: 3, to: 'true' }));
  it('is one change in so many, and the same ones each time', () => {
    const chosen = changes.filter((change) => isSampled(change, 10));
    expect(chosen.length).toBeGreaterThan(300);
    expect(chosen.length).toBeLessThan(500);
    expect(changes.filter((change) => isSampled({ ...change }, 10))).toEqual(chosen);
  });
  it('is every change where one in one is tried', () => {
    expect(changes.every((change) => isSampled(change, 1))).toBe(true);
  });
});
