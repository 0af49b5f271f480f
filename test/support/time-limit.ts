import { setTimeout as sleep } from 'node:timers/promises';

/** Against what hangs alone: what a test takes depends on the machine. */
const LIMIT_MS = 300_000;

/** The body of a test, given up where it does not end. @throws Error once its time is over */
export function withinLimit(body: (...none: never[]) => unknown, limitMs = LIMIT_MS): () => Promise<void> {
  return async () => {
    const ended = new AbortController();
    // Begun before the body, which may count what keeps the process.
    const tooLong = sleep(limitMs, undefined, { signal: ended.signal }).then(() => {
      throw new Error(`It has not ended within ${String(limitMs / 1000)} seconds.`);
    });
    try {
      await Promise.race([body(), tooLong]);
    } finally {
      ended.abort();
    }
  };
}
