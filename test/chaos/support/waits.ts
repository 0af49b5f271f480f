/** How long a call to Azure, or to storage, is waited for before it ends (shared/azure/clients.ts, shared/store/clients.ts), in milliseconds. */
const WAITED = new Set([60_000, 20_000]);
const WAITED_MS = 1500;
/** Before a call to storage is made again (shared/store/clients.ts). */
const PAUSES = new Set([300, 900]);
const PAUSE_MS = 10;

/**
 * Lets the minute after which a call ends, for which no virtual clock stands in, be a second and a half, and the pauses before it is made
 * again next to nothing: nothing else in the process waits that long. Gives back what ends it.
 */
export function shortenWaits(): () => void {
  const usual = globalThis.setTimeout;
  const shorter = (milliseconds = 0): number => {
    if (WAITED.has(milliseconds)) return WAITED_MS;
    return PAUSES.has(milliseconds) ? PAUSE_MS : milliseconds;
  };
  const shortened = (
    callback: (...args: unknown[]) => void,
    delay?: number,
    ...rest: unknown[]
  ): NodeJS.Timeout => usual(callback, shorter(delay), ...rest);
  globalThis.setTimeout = Object.assign(shortened, usual);
  return () => {
    globalThis.setTimeout = usual;
  };
}
