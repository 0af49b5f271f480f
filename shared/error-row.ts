/** What people and callers are told of an error. */
export interface ErrorRow {
  readonly status: number;
  readonly retryable: boolean;
  readonly meaning: string;
  readonly next: string;
}

/** @param retryable whether it is waited out by the orchestrator */
export function row(status: number, meaning: string, next: string, retryable = false): ErrorRow {
  return { status, retryable, meaning, next };
}
