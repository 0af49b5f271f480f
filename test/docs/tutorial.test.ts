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

/** What is printed, without the times, which are other ones each time, and without the width of columns. */
const steady = (text: string): string[] =>
  text.split('\n').map((line) =>
    line
      .replaceAll(/\d+(:\d\d)?/g, 'N')
      .replaceAll(/ +/g, ' ')
      .trim(),
  );

/** What the tutorial shows of it. */
const blocks = [...read(TUTORIAL).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
const shown = blocks.flatMap(([, language, text = '']) =>
  (language === '' ? steady(text) : []).filter((line) => line !== ''),
);

describeInRows('The tutorial in the lab, typed word by word', () => {
  beforeAll(async () => {
    for (const command of commands) await type(command);
  });
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

  it('prints each line that it shows', () => {
    const lines = new Set([...printed.values()].flatMap(steady));
    expect(shown).toHaveLength(9);
    expect(shown.filter((line) => !lines.has(line))).toEqual([]);
  });

  it('repairs what was broken, and only rehearses the rest', () => {
    expect(shown).toContain('RDP after: Healthy. RDP responds with TLS N.N and NLA as HEALTHY.');
    expect(shown.at(-1)).toMatch(/Nothing was changed\.$/);
  });
});
