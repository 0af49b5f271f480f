import { problem, type Result } from '../errors.ts';
import type { RemediationRequest } from '../model/request.ts';
import type { Policy } from '../repair/policy/schema.ts';
import { parseJson } from './json.ts';
import { readQueued } from './manual.ts';

/**
 * Reads a message of the queue `remediation-requests`: JSON, plain or in base64 (the storage SDKs differ
 * in which they send). The Functions worker hands over plain JSON already parsed, and then whatever
 * `JSON.parse` made of duplicate keys stands; text that is not JSON comes as it is.
 */
export function readQueueMessage(
  entry: unknown,
  messageId: string,
  defaults: Policy['defaults'],
): Result<RemediationRequest> {
  if (typeof entry !== 'string') return readQueued(entry, messageId, defaults);
  const text = entry.trimStart().startsWith('{') ? entry : fromBase64(entry);
  if (text === undefined) {
    return { ok: false, problem: problem('BodyNotJson', 'The message is neither JSON nor JSON in base64.') };
  }
  const parsed = parseJson(text);
  return parsed.ok ? readQueued(parsed.value, messageId, defaults) : parsed;
}

/** Words may look like base64 as well: what counts is whether an object begins. */
function fromBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return bytes.toString('latin1').trimStart().startsWith('{') ? bytes : undefined;
}
