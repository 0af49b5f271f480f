import { findPwsh } from '../../lab/windows/pwsh/runner.ts';

const PWSH_MS = 120_000;

/** A test in real PowerShell; where there is none it is counted as skipped, and its name says why. */
export function itWithPwsh(name: string, test: () => Promise<void>): void {
  if (findPwsh() === undefined) it.skip(`${name} (skipped: no pwsh)`, test);
  else it(name, test, PWSH_MS);
}
