/**
 * Runs Stryker with one storage emulator for all mutants (`npm run stryker`; arguments are Stryker's): jest would start one for each.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startSharedStorage } from '../test/support/storage.ts';

const ROOT = join(import.meta.dirname, '..');

const storage = await startSharedStorage();
const stryker = spawn(
  process.execPath,
  [join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit' },
);
const [code] = (await once(stryker, 'exit')) as [number | null];
await storage.close();
process.exitCode = code ?? 1;
