import { join } from 'node:path';
import { startSharedStorage } from './storage.ts';

declare global {
  var endSharedStorage: (() => Promise<void>) | undefined;
}

/** Where the processes that tests start find each other's compiled code: none of them compiles what another has. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/compiled');

/** Before all tests: one storage emulator. Leaves behind what ends it. */
export default async function globalSetup(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] ??= COMPILED;
  const azurite = await startSharedStorage();
  globalThis.endSharedStorage = () => azurite.close();
}
