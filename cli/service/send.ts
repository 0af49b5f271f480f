import { APPROVER_HEADER } from '../../shared/model/principal.ts';
import { CommandError } from '../command-error.ts';
import type { Ask } from './service.ts';

/** How somebody is let in: headers of every call, and the secret of approvers where there is one. */
export interface Entry {
  headers: Readonly<Record<string, string>>;
  approverSecret: string | undefined;
}

/** Longer than any answer of the service takes. */
const ANSWERS_WITHIN_MS = 60_000;

/** Sends one call. @throws CommandError `unreachable` where nobody answers */
export async function send(base: string, entry: Entry, ask: Ask): Promise<Response> {
  const { method, path, body, headers = {}, role = 'Request' } = ask;
  const asApprover = role !== 'Request' && entry.approverSecret !== undefined;
  try {
    return await fetch(base + path, {
      method,
      headers: {
        ...entry.headers,
        ...headers,
        ...(asApprover && { [APPROVER_HEADER]: entry.approverSecret }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A key goes to the address that was named, and to no other.
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
  } catch (error) {
    throw new CommandError('unreachable', `Cannot connect to ${base}: ${reasonOf(error)}.`, '', error);
  }
}

/** What fetch threw says little by itself: the reason is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
