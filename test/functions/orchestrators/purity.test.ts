import { Linter } from 'eslint';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import fence from '../../../eslint.orchestrators.cjs';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = 'functions/orchestrators';
const linter = new Linter({ cwd: ROOT });
const config: Linter.Config[] = [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, fence];

/** Only the fence is looked at; types and style have their own run. */
function fenceBreaks(text: string, file = 'remediate.ts'): string[] {
  return linter
    .verify(text, config, { filename: join(FOLDER, file) })
    .map(({ ruleId, message }) => `${ruleId ?? 'parse'}: ${message}`);
}

describe('the fence around orchestrators', () => {
  it.each([
    ['the clock', 'export const at = Date.now();'],
    ['the clock, another way', 'export const at = new Date();'],
    ['chance', 'export const dice = Math.random();'],
    ['the environment', 'export const mode = process.env;'],
    ['a timer of its own', 'setTimeout(() => undefined, 5);'],
    ['the network', "export const answer = fetch('https://example.com');"],
    ['a file', "import { readFileSync } from 'node:fs'; export { readFileSync };"],
    ['Azure', "import { DefaultAzureCredential } from '@azure/identity'; export { DefaultAzureCredential };"],
    ['a promise', 'export const f = async () => { await Promise.resolve(); };'],
    ['a module loaded later', "export const m = import('zod');"],
  ])('keeps out %s', (_what, text) => {
    expect(fenceBreaks(text)).not.toEqual([]);
  });

  it.each(readdirSync(join(ROOT, FOLDER)))('holds in %s', (file) => {
    expect(fenceBreaks(readFileSync(join(ROOT, FOLDER, file), 'utf8'), file)).toEqual([]);
  });
});
