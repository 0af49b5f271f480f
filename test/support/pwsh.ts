import { createHash } from 'node:crypto';
import { findPwsh } from '../../lab/windows/pwsh/runner.ts';
import { whyNotAllRows, whyNotAllScripts } from './rows.ts';

const PWSH_MS = 120_000;
/** One test in so many runs in every suite; all of them where `RDP_MEDIC_TESTS` is `all`, which takes minutes more. */
const ONE_IN = whyNotAllRows === undefined ? 3 : 12;

/** A test in real PowerShell; where it is not run it is counted as skipped, and its name says why. */
export function itWithPwsh(name: string, test: () => Promise<void>): void {
  const reason = whyNotRun(name);
  if (reason === undefined) it(name, test, PWSH_MS);
  else it.skip(`${name} (skipped: ${reason})`, test);
}

function whyNotRun(name: string): string | undefined {
  return isInSample(name) && findPwsh() !== undefined ? undefined : whyNotAllRun();
}

/** Why not every test that wants PowerShell is run; `undefined` where it is. */
export function whyNotAllRun(): string | undefined {
  if (findPwsh() === undefined) return 'no pwsh';
  return whyNotAllScripts;
}

/** The same tests in every run: by their names. */
function isInSample(name: string): boolean {
  return createHash('sha256').update(name).digest().readUInt8(0) % ONE_IN === 0;
}
