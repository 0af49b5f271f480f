import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionName, ofType, parsePowerShell } from '../lint/powershell.ts';

const ROOT = join(import.meta.dirname, '../../..');
const REAL = ['guest/lib/seam.ps1', 'guest/lib/seam-live.ps1'];
const STAND_IN = ['lab/windows/pwsh/stand-in/seam.ps1'];
/** What the real ones are made of; a script does not call them. */
const INSIDE = ['Invoke-Seam', 'Get-Native', 'Open-LocalMachine', 'Read-RegistryRaw'];
const LONGEST = 200;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** `Read-Space -Root` and so on. */
async function signatures(paths: readonly string[]): Promise<string[]> {
  const scripts = await Promise.all(paths.map((path) => parsePowerShell(path, read(path))));
  return scripts
    .flatMap(({ root }) => ofType(root, 'function_statement'))
    .map((statement) => {
      const declared = ofType(statement, 'script_parameter').map(
        ({ text }) => /\$(\w+)\s*(?:=|$)/.exec(text)?.[1] ?? text,
      );
      return [functionName(statement), ...declared.map((name) => `-${name}`)].join(' ');
    })
    .filter((signature) => !INSIDE.includes(signature.split(' ')[0] ?? ''))
    .toSorted();
}

describe('the seam', () => {
  it('has the same functions in guest/ and in the lab', async () => {
    expect(await signatures(STAND_IN)).toEqual(await signatures(REAL));
  });

  it.each(REAL)('is read in one go: %s', (path) => {
    expect(read(path).trimEnd().split('\n').length).toBeLessThanOrEqual(LONGEST);
  });
});
