import { startSharedStorage } from './storage.ts';

declare global {
  var endSharedStorage: (() => Promise<void>) | undefined;
}

/** Before all tests: one storage emulator. Leaves behind what ends it. */
export default async function globalSetup(): Promise<void> {
  const azurite = await startSharedStorage();
  globalThis.endSharedStorage = () => azurite.close();
}
