import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ScriptOutcome, ScriptRun } from '../guest.ts';
import type { Machine } from '../machine.ts';
import { startCommandServer } from './server.ts';

const STAND_IN = join(import.meta.dirname, 'StandIn.psm1');
/** What touches Windows by .NET: the stand-in has functions of the same names (`stand-in/seam.ps1`). */
const SEAM = /^#region seam\r?\n[\s\S]*?^#endregion seam\r?$/gm;
/** A script of ours takes about a second; beyond this something waits for a person. */
const LONGEST_RUN_MS = 120_000;

/** Path of PowerShell 7: `RDP_MEDIC_PWSH`, or `pwsh` on PATH; `undefined` where there is none. */
export function findPwsh(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment['RDP_MEDIC_PWSH'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => [join(folder, 'pwsh'), join(folder, 'pwsh.exe')])
    .find((path) => existsSync(path));
}

/**
 * Runs the script in real PowerShell, whose Windows commands are carried out on the machine. A script that a
 * change hook kills ends as a lost process would: no `catch`, no `finally`, exit code -1.
 * Throws when there is no PowerShell.
 */
export async function runInPwsh(machine: Machine, run: ScriptRun): Promise<ScriptOutcome> {
  const pwsh = findPwsh();
  if (pwsh === undefined) throw new Error('no pwsh: put it on PATH or name it in RDP_MEDIC_PWSH');
  const folder = await mkdtemp(join(tmpdir(), 'rdp-medic-'));
  const kill = new AbortController();
  const server = await startCommandServer(machine, () => {
    kill.abort();
  });
  try {
    const script = join(folder, 'script.ps1');
    // Windows PowerShell reads a file without a mark in the system's code page.
    await writeFile(script, `\ufeff${run.text.replace(SEAM, '')}`);
    return await execute(pwsh, commandLine(script, run.parameters), server.environment, kill.signal);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function commandLine(script: string, parameters: Record<string, string>): string[] {
  const host = join(import.meta.dirname, 'host.ps1');
  return ['-NoProfile', '-NonInteractive', '-File', host, script, JSON.stringify(parameters)];
}

function execute(
  pwsh: string,
  args: string[],
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<ScriptOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(pwsh, args, {
      env: {
        ...process.env,
        ...environment,
        RDP_MEDIC_STAND_IN: STAND_IN,
        NO_COLOR: '1',
        // A process that lives a second never earns back what its profiling costs.
        DOTNET_TieredPGO: '0',
        POWERSHELL_TELEMETRY_OPTOUT: '1',
        POWERSHELL_UPDATECHECK: 'Off',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_RUN_MS,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const killed = (): void => {
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', killed, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', killed);
      resolve({ stdout, stderr, exitCode: code ?? -1, seconds: 0 });
    });
  });
}
