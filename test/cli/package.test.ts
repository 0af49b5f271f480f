import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { inRows } from '../support/rows.ts';
import { readPackage } from '../../scripts/package-json.ts';

const exec = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-package-'));
const installed = join(folder, 'node_modules/rdp-medic');
const { version, bin } = readPackage();
const BIN = join(installed, bin['rdp-medic'] ?? '');

/**
 * As `npm install ./rdp-medic-*.tgz` leaves it: the package unpacked below node_modules, where Node strips no types, and its dependencies
 * beside it; linked, since a test asks no registry.
 */
beforeAll(async () => {
  await exec('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: PACKAGE_ROOT });
  mkdirSync(installed, { recursive: true });
  await exec('tar', [
    'xzf',
    join(folder, `rdp-medic-${version}.tgz`),
    '--strip-components=1',
    '-C',
    installed,
  ]);
  for (const name of readdirSync(join(PACKAGE_ROOT, 'node_modules')))
    symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(folder, 'node_modules', name));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A Node of this machine that is too old for the host, where there is one. */
function olderNode(): string | undefined {
  const own = join(PACKAGE_ROOT, 'node_modules');
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((place) => !place.startsWith(own))
    .map((place) => join(place, 'node'))
    .find((path) => existsSync(path));
}

const call = (node: string, ...words: string[]) => {
  const cwd = mkdtempSync(join(folder, 'empty-'));
  const env = { PATH: process.env['PATH'], HOME: folder, RDP_MEDIC_STATE: join(folder, 'state') };
  return exec(node, [BIN, ...words], { cwd, env }).then((ended) => ({ ...ended, cwd }));
};

describe('the package as a user installs it', () => {
  it('holds what it runs on, and nothing that only the project needs', () => {
    const held = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(held).toEqual(
      expect.arrayContaining([
        'dist/functions/index.js',
        'guest/apply.ps1',
        'infra/role-definition.json',
        'host.json',
      ]),
    );
    expect(held.filter((path) => /(^|\/)(test|docs|\.ci|\.github)(\/|$)|\.ts$/.test(path))).toEqual([]);
  });

  it('has the names of what it loads on demand: a package that is no module would come without', () => {
    const folderOfParts = join(installed, 'dist/cli');
    const parts = readdirSync(folderOfParts).map((name) => ({
      name,
      text: readFileSync(join(folderOfParts, name), 'utf8'),
    }));
    const nameless = parts.filter(({ text }) => text.includes('export default require_'));
    const takenByName = parts.flatMap(({ text }) =>
      [...text.matchAll(/\} = await import\("\.\/(.+?)"\)/g)].map(([, part]) => part),
    );
    expect(takenByName).not.toEqual([]);
    expect(nameless.filter(({ name }) => takenByName.includes(name))).toEqual([]);
  });

  inRows('gives the demo in an empty folder, on whatever Node the machine has', async () => {
    const { stdout, cwd } = await call(olderNode() ?? process.execPath, 'demo');
    expect(stdout).toMatch(/3 of 3 VMs answer RDP; 0 leftovers/);
    expect(readdirSync(join(cwd, '.rdp-medic/reports'))).toHaveLength(3);
    expect(readFileSync(join(cwd, '.rdp-medic/reports/rdp-certificate.html'), 'utf8')).toContain('Repaired');
  });

  it('tells its version', async () => {
    expect((await call(process.execPath, '--version')).stdout.trim()).toBe(version);
  });

  it.each([
    ['commands', ['re'], /^repair\t.*\nreport\t/m],
    ['the modes', ['repair', '--mode', ''], /^diagnose\b[\s\S]*^rehearse\b/m],
    ['what a VM can be broken by', ['lab', 'break', 'tls', 'rdp-c'], /^rdp-certificate\b/m],
  ])('completes %s in a shell', async (_what, words, offers) => {
    expect((await call(process.execPath, 'complete', '--', ...words)).stdout).toMatch(offers);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'])('has a completion script for %s', async (shell) => {
    expect((await call(process.execPath, 'completion', shell)).stdout).toMatch(/rdp-medic complete\b/);
  });
});
