import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readQuery } from './encoding.ts';

/**
 * The keys of a host: `function` for routes of that level, `system` for the addresses of the durable extension, `master` for those, for routes
 * of the level `admin` and for the admin addresses. Source: learn.microsoft.com, Work with access keys in Azure Functions.
 */
export interface HostKeys {
  function: string;
  system: string;
  master: string;
}

export type KeyLevel = keyof HostKeys;

/** Which key a request carries, in `x-functions-key` or else in `code` of the query; `undefined` for none that there is. */
export function levelOf(request: IncomingMessage, search: string, keys: HostKeys): KeyLevel | undefined {
  const header = request.headers['x-functions-key'];
  const given = (Array.isArray(header) ? header[0] : header) ?? readQuery(search).get('code')?.values[0];
  if (given === undefined) return undefined;
  const levels = ['master', 'system', 'function'] as const;
  return levels.find((level) => isSame(given, keys[level]));
}

/** Hashed first: texts of different length cannot be compared in constant time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
