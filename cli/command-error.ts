import type { Ending } from './exit-codes.ts';

/** What ends a command: a sentence for the user, what to do next, and the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly ending: Ending;
  /** What to do about it; empty where the sentence says it. */
  readonly next: string;

  constructor(ending: Ending, message: string, next = '', cause?: unknown) {
    super(message, { cause });
    this.ending = ending;
    this.next = next;
  }
}
