import { readdirSync, readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPwsh } from '../../../lab/windows/pwsh/runner.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { isAscii, namesWithApprovedVerbs, parses, staysWithin51 } from './language-rules.ts';
import { parsePowerShell } from './powershell.ts';

const WINDOWS = join(import.meta.dirname, '../windows');
const GUEST = join(import.meta.dirname, '../../../guest');
const FILES = readdirSync(WINDOWS);

/** Says what PowerShell's own parser finds in every file below the folders. */
const PARSE = `
$found = foreach ($file in Get-ChildItem -Path $args -Recurse -Include *.ps1, *.psm1, *.psd1) {
    $errors = $null
    $null = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref]$null, [ref]$errors)
    foreach ($one in $errors) { '{0}:{1} {2}' -f $file.Name, $one.Extent.StartLineNumber, $one.Message }
}
ConvertTo-Json -InputObject @($found) -Compress`;

describe('the tests that run on a Windows only', () => {
  it.each(FILES)('can be read by Windows PowerShell 5.1: %s', async (file) => {
    const script = await parsePowerShell(file, readFileSync(join(WINDOWS, file), 'utf8'));
    const rules = [parses, staysWithin51, isAscii, namesWithApprovedVerbs];
    expect(rules.flatMap((rule) => rule(script))).toEqual([]);
  });

  itWithPwsh('and with the guest scripts by PowerShell itself', async () => {
    const command = `& { ${PARSE} } '${WINDOWS}' '${GUEST}'`;
    const { stdout } = await promisify(execFile)(findPwsh() ?? '', ['-NoProfile', '-Command', command]);
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
