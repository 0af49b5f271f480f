import { startSharedStorage } from './storage.ts';

/** Before all tests: one storage emulator. Gives back what ends it. */
export default async function globalSetup(): Promise<void> {
  const azurite = await startSharedStorage();
  Object.assign(globalThis, { endSharedStorage: () => azurite.close() });
}
