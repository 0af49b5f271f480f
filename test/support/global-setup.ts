import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAuthority } from '../../lab/arm/access/authority.ts';
import type { Credentials } from '../../lab/credentials.ts';
import { newRsaKeys } from '../../lab/windows/certificates/rsa-keys.ts';
import { startSharedStorage } from './storage.ts';

declare global {
  var endWhatTestsShare: (() => Promise<void>) | undefined;
}

/** Where the processes that tests start find each other's compiled code: none of them compiles what another has. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/compiled');

/** Before all tests: one storage emulator, and keys and certificates for all labs. Leaves behind what ends them. */
export default async function globalSetup(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] ??= COMPILED;
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-tests-'));
  const credentials: Credentials = { rsaKeys: newRsaKeys(), authority: await newAuthority() };
  process.env['RDP_MEDIC_LAB_CREDENTIALS'] = join(folder, 'credentials.json');
  writeFileSync(process.env['RDP_MEDIC_LAB_CREDENTIALS'], JSON.stringify(credentials));
  const azurite = await startSharedStorage();
  globalThis.endWhatTestsShare = async () => {
    await azurite.close();
    rmSync(folder, { recursive: true });
  };
}
