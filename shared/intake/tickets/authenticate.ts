import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ErrorCode } from '../../error-codes.ts';
import { problem, type Result } from '../../errors.ts';
import type { Connector } from './connector.ts';
import { evaluate } from './evaluate.ts';

/** A webhook as it came in. */
export interface Incoming {
  /** A header's value by lower-case name. */
  readonly header: (name: string) => string | null;
  readonly raw: Uint8Array;
}

export interface Authentic {
  /** Stands for this very message; taken once (`IntakeStore.claim`), it makes a replay visible. */
  readonly replayKey: string | undefined;
  /** Reads the moment of sending out of the body; called once the body is parsed. */
  readonly checkMoment: (payload: unknown) => Promise<Result<undefined>>;
}

type Settings = Readonly<Record<string, string | undefined>>;
type Hmac = Extract<Connector['authentication'], { kind: 'hmac-sha256' }>;

const FINE: Result<undefined> = { ok: true, value: undefined };

/**
 * Proves that a webhook was sent by who knows the connector's secret, before its body is even parsed.
 * Every comparison takes the same time wherever the difference lies. Problems: `ConnectorNotReady`,
 * `SignatureInvalid`, `SignatureStale`.
 */
export function authenticate(
  { name, authentication }: Pick<Connector, 'name' | 'authentication'>,
  incoming: Incoming,
  settings: Settings,
  now: number,
): Result<Authentic> {
  const secret = settings[authentication.secret];
  if (!secret) {
    return refuse(
      'ConnectorNotReady',
      `The app setting ${authentication.secret} of connector ${name} is empty.`,
    );
  }
  if (authentication.kind === 'shared-secret') {
    const given = incoming.header(authentication.header) ?? '';
    return equal(digest(`${authentication.prefix}${secret}`), digest(given))
      ? { ok: true, value: { replayKey: undefined, checkMoment: () => Promise.resolve(FINE) } }
      : refuse('SignatureInvalid', 'The shared secret is missing or wrong.');
  }
  return verifyHmac(name, authentication, incoming, secret, now);
}

function verifyHmac(
  name: string,
  authentication: Hmac,
  { header, raw }: Incoming,
  secret: string,
  now: number,
): Result<Authentic> {
  const { prefix, encoding, signatureHeader, timestamp, windowSeconds } = authentication;
  const given = header(signatureHeader);
  if (!given?.startsWith(prefix))
    return refuse('SignatureInvalid', `${signatureHeader} is missing or malformed.`);
  const stamp = 'header' in timestamp ? header(timestamp.header) : undefined;
  if (stamp === null) return refuse('SignatureInvalid', 'The time stamp header is missing.');

  const expected = createHmac('sha256', secret)
    .update(signedPrefix(authentication.signed, stamp ?? ''))
    .update(raw)
    .digest();
  if (!equal(expected, Buffer.from(given.slice(prefix.length), encoding))) {
    return refuse('SignatureInvalid', 'The signature does not match the body.');
  }
  const check = (moment: unknown): Result<undefined> => checkMoment(moment, now, windowSeconds);
  if (stamp !== undefined) {
    const fresh = check(stamp);
    if (!fresh.ok) return fresh;
  }
  return {
    ok: true,
    value: {
      replayKey: `${name}:${expected.toString('hex')}`,
      checkMoment: async (payload) => {
        if (!('body' in timestamp)) return FINE;
        const moment = await evaluate(timestamp.body, payload);
        return moment.ok ? check(moment.value) : moment;
      },
    },
  };
}

function signedPrefix(signed: Hmac['signed'], stamp: string): string {
  if (signed === 'timestamp-body') return stamp;
  return signed === 'timestamp.body' ? `${stamp}.` : '';
}

function checkMoment(moment: unknown, now: number, windowSeconds: number): Result<undefined> {
  const at = toMilliseconds(moment);
  if (at === undefined) return refuse('SignatureInvalid', 'The time stamp is invalid.');
  const off = Math.abs(now - at) / 1000;
  return off <= windowSeconds
    ? FINE
    : refuse(
        'SignatureStale',
        `The time stamp is ${Math.round(off)} seconds off; the limit is ${windowSeconds}.`,
      );
}

/** Seconds or milliseconds since the epoch, or ISO 8601; below 10^11 it can only be seconds. */
function toMilliseconds(moment: unknown): number | undefined {
  if (typeof moment !== 'string' && typeof moment !== 'number') return undefined;
  const text = String(moment).trim();
  const at = /^[0-9]{1,16}$/.test(text)
    ? Number(text) * (Number(text) < 1e11 ? 1000 : 1)
    : /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(text)
      ? Date.parse(text)
      : NaN;
  return Number.isFinite(at) ? at : undefined;
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** Secrets differ in length; their digests do not, so that the comparison gives none away. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refuse(code: ErrorCode, message: string): Result<never> {
  return { ok: false, problem: problem(code, message) };
}
