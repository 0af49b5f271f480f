import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRsaKeys } from '../../lab/windows/certificates/rsa-keys.ts';
import { startSharedStorage } from './storage.ts';

declare global {
  var endWhatTestsShare: (() => Promise<void>) | undefined;
}

/** Where the processes that tests start find each other's compiled code: none of them compiles what another has. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/compiled');

/** Before all tests: one storage emulator, and keys for the lab's Windows machines. Leaves behind what ends it. */
export default async function globalSetup(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] ??= COMPILED;
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-tests-'));
  process.env['RDP_MEDIC_LAB_KEYS'] = join(folder, 'keys.pem');
  writeFileSync(process.env['RDP_MEDIC_LAB_KEYS'], newRsaKeys().join(''));
  const azurite = await startSharedStorage();
  globalThis.endWhatTestsShare = async () => {
    await azurite.close();
    rmSync(folder, { recursive: true });
  };
}
