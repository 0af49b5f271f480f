import type { ScriptOutcome, ScriptRun } from '../guest.ts';
import type { Machine } from '../machine.ts';

/** Runs the script's very text in PowerShell, with a module that stands in for Windows' commands over the machine. */
export function runInPwsh(_machine: Machine, _run: ScriptRun): Promise<ScriptOutcome> {
  return Promise.resolve({
    stdout: '',
    stderr: 'The lab cannot run scripts in PowerShell yet.',
    exitCode: 1,
    seconds: 0,
  });
}
