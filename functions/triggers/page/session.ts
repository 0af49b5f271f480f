import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Cookie, HttpRequest } from '@azure/functions';
import * as z from 'zod';

/** By its prefix browsers take it over TLS (or from this machine) alone, for this very host and all of its paths (RFC 6265bis 4.1.3.2). */
const COOKIE = '__Host-rdp-medic';

/** How long a session lasts from when it was last renewed, in milliseconds. */
const LASTS = 3_600_000;
/** The longest that one lasts, however often it is renewed, in milliseconds: a shift. */
const LONGEST = 8 * 3_600_000;
/** How long one key signs, in milliseconds. */
const KEY_LASTS = 24 * 3_600_000;

/** What a key was exchanged for: in milliseconds since the epoch. */
export interface Session {
  /** When somebody signed in. */
  readonly since: number;
  readonly until: number;
}

const partsSchema = z.tuple([
  z.literal('v1'),
  z.coerce.number().int().nonnegative(),
  z.coerce.number().int().nonnegative(),
  z.string().min(1),
  z.string().min(1),
]);

/**
 * The cookie of a session that begins, or goes on where `since` is given. Its text holds no secret and no name: when it began, when it
 * ends, a random word, and a signature over these.
 */
export function sessionCookie(secret: string, now: number, since = now): Cookie {
  const until = Math.min(now + LASTS, since + LONGEST);
  const text = ['v1', since, until, randomBytes(12).toString('base64url')].join('.');
  return cookie(`${text}.${signatureOf(secret, until, text)}`, Math.max(0, Math.ceil((until - now) / 1000)));
}

/** Takes the session's cookie away. */
export function endedCookie(): Cookie {
  return cookie('', 0);
}

/** The session that a request shows; `undefined` where there is none, or one that we did not sign, or that has ended. */
export function sessionOf(request: HttpRequest, secret: string, now: number): Session | undefined {
  const token = cookieIn(request.headers.get('cookie'));
  const parts = partsSchema.safeParse(token?.split('.')).data;
  if (token === undefined || !parts) return undefined;
  const [, since, until, , signature] = parts;
  const text = token.slice(0, token.lastIndexOf('.'));
  return isSame(signature, signatureOf(secret, until, text)) && until > now && since + LONGEST > now
    ? { since, until }
    : undefined;
}

/** Whether it is time to renew a session that is used: half of it is over, and it has not reached its longest. */
export function isToRenew({ since, until }: Session, now: number): boolean {
  return until - now < LASTS / 2 && until < since + LONGEST;
}

function cookie(value: string, maxAge: number): Cookie {
  return { name: COOKIE, value, path: '/', secure: true, httpOnly: true, sameSite: 'Strict', maxAge };
}

function cookieIn(header: string | null): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

/** Signed with a key of the day of its end, derived from the setting (HKDF, RFC 5869): the setting itself signs nothing. */
function signatureOf(secret: string, until: number, text: string): string {
  const info = `rdp-medic session ${String(Math.floor(until / KEY_LASTS))}`;
  const key = Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  return createHmac('sha256', key).update(text).digest('base64url');
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
