import { composeScript, type GuestScriptId } from '../../../shared/guest/compose.ts';
import { commandName, commands, functionName, ofType, parsePowerShell } from '../../guest/lint/powershell.ts';
import { OF_POWERSHELL, OF_WINDOWS } from '../../guest/lint/windows-commands.ts';

const IDS: readonly GuestScriptId[] = ['collect', 'apply'];

async function parts(id: GuestScriptId): Promise<{ called: Set<string>; defined: string[] }> {
  const { root } = await parsePowerShell(id, composeScript(id));
  const called = commands(root).flatMap((command) => commandName(command) ?? []);
  return {
    called: new Set(called.filter((name) => /^[A-Z][A-Za-z]*-[A-Z]/.test(name))),
    defined: ofType(root, 'function_statement').map(functionName),
  };
}

describe.each(IDS)('the text of %s that is sent', (id) => {
  it('takes in every file it names, and each function once', async () => {
    expect(composeScript(id)).not.toContain('$PSScriptRoot');
    const { defined } = await parts(id);
    expect(defined.filter((name, index) => defined.indexOf(name) !== index)).toEqual([]);
  });

  it('calls nothing that is not in it, but Windows', async () => {
    const { called, defined } = await parts(id);
    const known = [...defined, ...OF_POWERSHELL, ...OF_WINDOWS].map((name) => name.toLowerCase());
    expect([...called].filter((name) => !known.includes(name.toLowerCase()))).toEqual([]);
  });

  it('carries its id, the marks of the seam and the constants, and none of what only people read', () => {
    const lines = composeScript(id).split('\n');
    const marked = lines.filter((line) => line.startsWith('#'));
    expect(new Set(marked)).toEqual(
      new Set([`# rdp-medic-script: ${id}`, '#region seam', '#endregion seam']),
    );
    expect(marked.filter((line) => line === '#region seam')).toHaveLength(2);
    expect(composeScript(id)).toMatch(
      /^\$script:RegistryQuery = ConvertFrom-Json -InputObject @'\n\[.*\]\n'@$/m,
    );
    expect(composeScript(id)).not.toContain('<#');
    expect(lines.filter((line, index) => line.trim() === '' && index < lines.length - 1)).toEqual([]);
  });

  it('is ASCII, for Windows PowerShell reads the rest in the code page of the system', () => {
    expect(composeScript(id)).toMatch(/^[\n\t -~]*$/);
  });
});
