/** After all tests: ends the storage emulator by its own process id. */
export default async function globalTeardown(): Promise<void> {
  const end: unknown = Reflect.get(globalThis, 'endSharedStorage');
  if (typeof end === 'function') await end();
}
