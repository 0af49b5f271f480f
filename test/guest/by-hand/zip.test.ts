import { strFromU8, unzipSync } from 'fflate';
import { readCauses } from '../../../scripts/generated/causes.ts';
import { allRecipes } from '../../../scripts/generated/recipes.ts';
import { guestZip } from '../../../scripts/guest-zip/zip.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { isAscii, parses } from '../lint/language-rules.ts';
import { parsePowerShell } from '../lint/powershell.ts';

/** Parameters that a line of help gives to a script. */
const CALL = /(collect|apply|peer-certificate)\.ps1((?:\s+-[A-Z]\w* \S+)*)/g;

async function unzipped(): Promise<Record<string, string>> {
  const files = unzipSync(await guestZip());
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

describe('the zip for use by hand', () => {
  it('holds the scripts as they are sent to a VM, and how they are used', async () => {
    const { 'README.txt': readme, ...scripts } = await unzipped();
    expect(readme).toContain('RDP MEDIC: MANUAL REPAIR');
    expect(scripts).toEqual({
      'collect.ps1': composeScript('collect'),
      'apply.ps1': composeScript('apply'),
      'peer-certificate.ps1': composeScript('peer-certificate'),
    });
  });

  it('is the same, byte by byte, whenever and wherever it is made', async () => {
    const zone = process.env['TZ'];
    const first = await guestZip();
    process.env['TZ'] = 'Pacific/Kiritimati';
    const second = await guestZip();
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('is read by what Windows opens zips with: no folder, no name that is not ASCII', async () => {
    for (const name of Object.keys(await unzipped())) expect(name).toMatch(/^[A-Za-z-]+\.(ps1|txt)$/);
  });
});

describe('its README', () => {
  it('is ASCII, in lines of Windows', async () => {
    const { 'README.txt': readme = '' } = await unzipped();
    expect(readme.replaceAll('\r\n', '')).toMatch(/^[ -~]+$/);
  });

  it('names every recipe', async () => {
    const { 'README.txt': readme = '' } = await unzipped();
    for (const { id, title } of allRecipes(await readCauses()))
      expect(readme).toMatch(new RegExp(`^ {2}${id} +${title.slice(0, 12)}`, 'm'));
  });

  it('calls the scripts by parameters that they have', async () => {
    const { 'README.txt': readme = '', ...scripts } = await unzipped();
    const calls = [...readme.matchAll(CALL)];
    expect(calls.length).toBeGreaterThan(5);
    for (const [, script = '', given = ''] of calls)
      for (const [, name = ''] of given.matchAll(/-([A-Z]\w*)/g))
        expect(scripts[`${script}.ps1`]).toContain(`[string] $${name}`);
  });
});

describe('a script of the zip', () => {
  it.each(['collect.ps1', 'apply.ps1', 'peer-certificate.ps1'])('is whole, and ASCII: %s', async (name) => {
    const script = await parsePowerShell(name, (await unzipped())[name] ?? '');
    expect(isAscii(script)).toEqual([]);
    expect(script.text).not.toContain('$PSScriptRoot');
    expect(parses(script)).toEqual([]);
  });
});
