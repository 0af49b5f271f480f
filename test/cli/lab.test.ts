import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { inRows } from '../support/rows.ts';
import { run } from './support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-lab-'));
const env = { PATH: process.env['PATH'], RDP_MEDIC_STATE: folder };
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the lab alone; resolves once it says how it is ended. */
async function startLab(): Promise<() => Promise<number | null>> {
  const words = ['cli/main.ts', ...['lab', 'start'], '--speed', '100'];
  const child = spawn(process.execPath, words, {
    cwd: PACKAGE_ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) if (line.includes('Ctrl-C')) break;
  return async () => {
    child.kill('SIGINT');
    await ended;
    return child.exitCode;
  };
}

describe('The lab on the command line', () => {
  inRows('is started, broken, interfered with, and stopped', async () => {
    const stop = await startLab();
    expect(await run(['lab', 'break', 'healthy', 'tls'], env)).toMatchObject({
      code: 0,
      output: 'healthy is broken by tls.\n',
    });
    expect(await run(['lab', 'act', 'deallocate on tls'], env)).toMatchObject({ code: 0 });
    expect((await run(['lab', 'act'], env)).output).toMatch(/deallocate.*tls|tls.*deallocate/i);
    expect(await stop()).toBe(0);
  });

  it('says how to start one where none runs', async () => {
    expect(await run(['lab', 'break', 'healthy', 'tls'], env)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('rdp-medic lab start') as unknown,
    });
  });
});

it.each(['bash', 'zsh', 'fish', 'powershell'])('completion for %s knows the program', async (shell) => {
  expect(await run(['completion', shell], env)).toMatchObject({
    code: 0,
    output: expect.stringContaining('rdp-medic') as unknown,
  });
});
