/** In how many parts time runs out. */
const PARTS = 50;

/** Time that runs out, unless it is ended before. */
export interface Patience {
  /** Aborted once it has run out. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Real time in which somebody is to answer. It runs out in parts: a process that stood still for a while, as a busy host does,
 * loses one of them, and reads what arrived meanwhile before it takes an answer for silence.
 * @param timeoutMs milliseconds, as long as the process does not stand still
 */
export function patienceOf(timeoutMs: number): Patience {
  const deadline = new AbortController();
  let left = PARTS;
  const timer = setInterval(() => {
    left -= 1;
    if (left === 0) deadline.abort();
  }, timeoutMs / PARTS);
  return {
    signal: deadline.signal,
    end: () => {
      clearInterval(timer);
    },
  };
}
