/** How long a call to Azure, or to storage, is waited for before it ends (shared/azure/clients.ts, shared/store/clients.ts), in milliseconds. */
const WAITED = new Set([60_000, 20_000]);
const REAL_MS = 1500;

/**
 * Lets the minute after which a call ends, for which no virtual clock stands in, be a second and a half: nothing else in the process waits
 * that long. Gives back what ends it.
 */
export function shortenMinutes(): () => void {
  const usual = globalThis.setTimeout;
  const shortened = (
    callback: (...args: unknown[]) => void,
    delay?: number,
    ...rest: unknown[]
  ): NodeJS.Timeout => usual(callback, WAITED.has(delay ?? 0) ? REAL_MS : delay, ...rest);
  globalThis.setTimeout = Object.assign(shortened, usual);
  return () => {
    globalThis.setTimeout = usual;
  };
}
