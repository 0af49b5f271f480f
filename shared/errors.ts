import { ERRORS, type ErrorCode } from './error-codes.ts';

/** An error as plain data: what crosses the durable boundary, the record and HTTP. */
export interface Problem {
  code: ErrorCode;
  message: string;
  next: string;
  /** Seconds Azure asked to wait, where it did. */
  retryAfterSeconds?: number;
}

/** What every activity gives back: a value, or the problem as a value (thrown errors are flattened to text). */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** An expected failure inside shared code; becomes a `Problem` at the edge. */
export class MedicError extends Error {
  override readonly name = 'MedicError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The problem with this code; `message` defaults to the table's meaning. */
export function problem(code: ErrorCode, message: string = ERRORS[code].meaning): Problem {
  return { code, message, next: ERRORS[code].next };
}

/** Turns anything thrown into a problem; what is not a `MedicError` is `Internal`. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof MedicError))
    return problem('Internal', error instanceof Error ? error.message : String(error));
  const { retryAfterSeconds } = error;
  return {
    ...problem(error.code, error.message),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Whether a person, or the kill switch, called the remediation off. */
export function isCancelled(error: unknown): boolean {
  return error instanceof MedicError && error.code === 'Cancelled';
}

/** Whether another carries the remediation on: then nothing more is written, not even that. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof MedicError && error.code === 'Superseded';
}

/** Whether something else may be tried after this failure: it is no defect, and nobody called the remediation off or took it over. */
export function mayBeFollowed(error: unknown): error is MedicError {
  return error instanceof MedicError && !isCancelled(error) && !isSuperseded(error);
}

const UNSURE: readonly ErrorCode[] = ['AzureUnavailable', 'OperationFailed', 'OperationTimedOut'];

/** Whether Azure may have done what it was asked for all the same, or do it yet. */
export function isUnsure(error: MedicError): boolean {
  return UNSURE.includes(error.code);
}
