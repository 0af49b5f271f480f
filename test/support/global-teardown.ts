import './global-setup.ts';

/** After all tests: ends the storage emulator by its own process id, and deletes what labs are given. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.endWhatTestsShare?.();
}
