import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request carries the key, in `x-functions-key` or in `code` of the query. */
export function hasKey(request: IncomingMessage, query: URLSearchParams, key: string): boolean {
  const header = request.headers['x-functions-key'];
  const given = (Array.isArray(header) ? header[0] : header) ?? query.get('code');
  // Hashed first: texts of different length cannot be compared in constant time.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(key));
}
