import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { describeInRows } from '../support/rows.ts';
import { read, shellBlocks } from './support/documents.ts';

const TUTORIAL = 'docs/tutorial-in-the-lab.md';
const lines = shellBlocks(TUTORIAL).flatMap((block) => block.trim().split('\n'));
/** What a test need not do again: the workflow "check" does it on a clean clone. */
const [install = '', ...commands] = lines;

/** As in a clone: what the commands write beside the sources is written here. */
const clone = mkdtempSync(join(tmpdir(), 'tutorial-'));
const env = { PATH: process.env['PATH'], HOME: clone, RDP_MEDIC_STATE: join(clone, 'state') };
beforeAll(() => {
  for (const name of readdirSync(PACKAGE_ROOT).filter((one) => !one.startsWith('.')))
    symlinkSync(join(PACKAGE_ROOT, name), join(clone, name));
});
afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

const printed = new Map<string, string>();
let service: ChildProcess | undefined;

/** Types a command of the tutorial; `npm start` is left running. @throws Error where it fails */
async function type(command: string): Promise<void> {
  if (command === 'npm start') {
    service = spawn(command, {
      cwd: clone,
      env,
      shell: true,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (service.stdout)
      for await (const line of createInterface(service.stdout))
        if (line.includes('RDP Medic is running')) return;
    throw new Error('npm start ended');
  }
  const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd: clone, env });
  printed.set(command, stdout);
}

/** Of the table that the demo ends with: what is the same each time, which the times are not. */
const rowsOf = (text: string): string[] =>
  [...text.matchAll(/^([\w-]+) +(repaired-\w+) +\d+:\d\d +([\w-]+) +([\w-]+) +(\S+\.html)$/gm)].map((row) =>
    row.slice(1).join(' '),
  );

describeInRows('The tutorial in the lab, typed word by word', () => {
  beforeAll(async () => {
    for (const command of commands) await type(command);
  }, 240_000);
  afterAll(async () => {
    if (service?.pid === undefined) return;
    const ended = once(service, 'exit');
    process.kill(-service.pid, 'SIGINT');
    await ended;
  });

  it('begins with what is installed', () => {
    expect(install).toBe('npm install');
    expect(read('.github/workflows/check.yml')).toContain('npm install');
  });

  it('ends the demo with the table that it shows', () => {
    const shown = rowsOf(printed.get('npm run demo') ?? '');
    expect(shown).toEqual(rowsOf(read(TUTORIAL)));
    expect(shown).toHaveLength(3);
    expect(printed.get('npm run demo')).toContain('3 of 3 VMs answer RDP; 0 leftovers');
  });

  it('repairs what was broken, and shows how it went', () => {
    const [, repair = ''] = [...printed].find(([command]) => command.includes('repair healthy')) ?? [];
    expect(repair).toMatch(/healthy: Repaired online/);
    expect(repair).toMatch(/RDP after: {2}Healthy/);
  });

  it('rehearses without changing anything, and tells the downtime', () => {
    const [, rehearsal = ''] = [...printed].find(([command]) => command.includes('--mode rehearse')) ?? [];
    expect(rehearsal).toMatch(
      /peer: Diagnosed .* would be down for about \d+ minutes\. Nothing was changed\./,
    );
  });
});
