import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decoded } from '../../../local/explain/command.ts';
import { answer, deniedFacts, lineOf, payloadOf } from '../../shared/guest/answers.ts';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-'));
const file = join(folder, 'facts.json');
beforeAll(() => {
  writeFileSync(file, JSON.stringify(deniedFacts()));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(words: readonly string[], input = '') {
  const ended = spawnSync(process.execPath, ['cli/main.ts', 'explain', ...words], {
    cwd: ROOT,
    input,
    encoding: 'utf8',
  });
  return { code: ended.status, output: ended.stdout, errors: ended.stderr };
}

describe('rdp-medic explain', () => {
  it('explains a file', () => {
    const { code, output } = run([file]);
    expect(output).toContain('Changes, in this order:');
    expect(code).toBe(0);
  });

  it('explains what is piped into it', () => {
    expect(run(['-'], lineOf(payloadOf(answer()))).output).toBe(run([file]).output);
  });

  it('prints the script and nothing else, so that it can go into a file', () => {
    const { output, errors } = run([file, '--script']);
    expect(output).toMatch(/^\$Nonce = .*\n# rdp-medic-script: apply\n/);
    expect(errors).toContain('Number of changes: 1.');
  });

  it.each([
    ['nothing to read', []],
    ['two files', ['a', 'b']],
    ['an option that is none', [file, '--force']],
    ['a LUN that is none', [file, '--script', '--lun', '64']],
  ])('says how it is used: %s', (_what, words) => {
    expect(run(words)).toMatchObject({ code: 2, output: '', errors: expect.stringMatching(/rdp-medic|lun/) });
  });

  it('says in one line what it could not read', () => {
    for (const { code, errors } of [run(['-'], 'Hello'), run([join(folder, 'none.json')])]) {
      expect(errors.trimEnd().split('\n')).toHaveLength(1);
      expect(code).toBe(1);
    }
  });
});

test('what Windows PowerShell redirects into a file is read too', () => {
  const line = lineOf(payloadOf(answer()));
  expect(decoded(Buffer.from(`\ufeff${line}`, 'utf16le'))).toBe(line);
  expect(decoded(Buffer.from(`\ufeff${line}`))).toBe(line);
  expect(decoded(Buffer.from(line))).toBe(line);
});
