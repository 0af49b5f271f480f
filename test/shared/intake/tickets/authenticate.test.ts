import { createHmac } from 'node:crypto';
import type * as z from 'zod';
import { authenticate } from '../../../../shared/intake/tickets/authenticate.ts';
import { connectorSchema } from '../../../../shared/intake/tickets/connector.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECRET = 'correct horse';
const RAW = Buffer.from('{"vmId":"x"}');

type Authentication = z.input<typeof connectorSchema>['authentication'];
const hmac: Authentication = {
  kind: 'hmac-sha256',
  secret: 'SECRET',
  signatureHeader: 'x-signature',
  prefix: 'sha256=',
  encoding: 'hex',
  timestamp: { header: 'x-timestamp' },
  signed: 'timestamp.body',
  windowSeconds: 300,
};

function check(
  authentication: Authentication,
  headers: Record<string, string>,
  raw = RAW,
  settings = { SECRET },
) {
  const parsed = connectorSchema.shape.authentication.parse(authentication);
  return authenticate(
    { name: 'test', authentication: parsed },
    { raw, header: (name) => headers[name] ?? null },
    settings,
    NOW,
  );
}
const sign = (text: string | Buffer, encoding: 'hex' | 'base64' = 'hex', secret = SECRET): string =>
  createHmac('sha256', secret).update(text).digest(encoding);
const stampedAt = (moment: string): Record<string, string> => ({
  'x-timestamp': moment,
  'x-signature': `sha256=${sign(`${moment}.${RAW.toString()}`)}`,
});
const inSeconds = (offset: number): string => String(NOW / 1000 + offset);

describe('A signed webhook', () => {
  it.each([
    ['seconds', inSeconds(-10)],
    ['milliseconds', String(NOW - 10_000)],
    ['ISO 8601', '2026-03-01T11:59:50Z'],
  ])('passes with its moment in %s', (_format, moment) => {
    expect(check(hmac, stampedAt(moment))).toMatchObject({ ok: true });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no signature', { 'x-timestamp': inSeconds(0) }, 'SignatureInvalid'],
    ['no time stamp', { 'x-signature': `sha256=${sign(RAW)}` }, 'SignatureInvalid'],
    ['another prefix', { ...stampedAt(inSeconds(0)), 'x-signature': `md5=${sign(RAW)}` }, 'SignatureInvalid'],
    ['an empty signature', { ...stampedAt(inSeconds(0)), 'x-signature': 'sha256=' }, 'SignatureInvalid'],
    ['half a signature', { ...stampedAt(inSeconds(0)), 'x-signature': 'sha256=abcd' }, 'SignatureInvalid'],
    [
      'a signature by another secret',
      {
        'x-timestamp': inSeconds(0),
        'x-signature': `sha256=${sign(`${inSeconds(0)}.${RAW.toString()}`, 'hex', 'wrong')}`,
      },
      'SignatureInvalid',
    ],
    [
      'a moment that was not signed',
      { ...stampedAt(inSeconds(0)), 'x-timestamp': inSeconds(1) },
      'SignatureInvalid',
    ],
    ['a moment that is none', stampedAt('yesterday'), 'SignatureInvalid'],
    ['a moment too long ago', stampedAt(inSeconds(-301)), 'SignatureStale'],
    ['a moment too far ahead', stampedAt(inSeconds(301)), 'SignatureStale'],
  ])('is refused with %s', (_what, headers, code) => {
    expect(check(hmac, headers)).toMatchObject({ ok: false, problem: { code } });
  });

  it.each<[string, (right: string) => string]>([
    ['last byte is another', (right) => right.slice(0, -2) + (right.endsWith('00') ? '01' : '00')],
    ['last byte is missing', (right) => right.slice(0, -2)],
    ['right bytes are followed by one more', (right) => `${right}00`],
    ['first two bytes alone are right', (right) => right.slice(0, 11).padEnd(right.length, '0')],
  ])('is refused when of its signature the %s', (_what, change) => {
    const headers = stampedAt(inSeconds(0));
    const changed = { ...headers, 'x-signature': change(headers['x-signature'] ?? '') };
    expect(check(hmac, changed)).toMatchObject({ ok: false, problem: { code: 'SignatureInvalid' } });
  });

  it('is refused when one byte of the body was changed', () => {
    expect(check(hmac, stampedAt(inSeconds(0)), Buffer.from('{"vmId":"y"}'))).toMatchObject({
      problem: { code: 'SignatureInvalid' },
    });
  });

  it('is the same message when it comes again, and another when it is signed anew', () => {
    const keyOf = (moment: string): unknown => {
      const passed = check(hmac, stampedAt(moment));
      return passed.ok ? passed.value.replayKey : undefined;
    };
    expect(keyOf(inSeconds(0))).toBeDefined();
    expect(keyOf(inSeconds(0))).toBe(keyOf(inSeconds(0)));
    expect(keyOf(inSeconds(0))).not.toBe(keyOf(inSeconds(1)));
  });

  it('may sign stamp and body without a period, in base64, as Zendesk does', () => {
    const moment = '2026-03-01T12:00:00Z';
    const zendesk: Authentication = { ...hmac, prefix: '', encoding: 'base64', signed: 'timestamp-body' };
    const signature = sign(`${moment}${RAW.toString()}`, 'base64');
    expect(check(zendesk, { 'x-timestamp': moment, 'x-signature': signature })).toMatchObject({ ok: true });
  });

  it('may carry its moment in the body, which is judged once the body is read', async () => {
    const github: Authentication = { ...hmac, signed: 'body', timestamp: { body: 'at' } };
    const passed = check(github, { 'x-signature': `sha256=${sign(RAW)}` });
    if (!passed.ok) throw new Error(passed.problem.message);
    const { checkMoment } = passed.value;
    expect(await checkMoment({ at: '2026-03-01T11:59:00Z' })).toMatchObject({ ok: true });
    expect(await checkMoment({ at: '2026-03-01T11:00:00Z' })).toMatchObject({
      problem: { code: 'SignatureStale' },
    });
    expect(await checkMoment({})).toMatchObject({ problem: { code: 'SignatureInvalid' } });
    const seconds = NOW / 1000;
    expect(await checkMoment({ at: seconds - 300 })).toMatchObject({ ok: true });
    expect(await checkMoment({ at: ` ${String(seconds)} ` })).toMatchObject({ ok: true });
    for (const at of [seconds - 301, 0, 1e11])
      expect(await checkMoment({ at })).toMatchObject({ problem: { code: 'SignatureStale' } });
    for (const at of [
      [seconds],
      { seconds },
      true,
      `at ${String(seconds)}`,
      `on ${new Date(NOW).toISOString()}`,
    ])
      expect(await checkMoment({ at })).toMatchObject({ problem: { code: 'SignatureInvalid' } });
  });

  it('with its moment in a header asks nothing of the body', async () => {
    const passed = check(hmac, stampedAt(inSeconds(0)));
    if (!passed.ok) throw new Error(passed.problem.message);
    expect(await passed.value.checkMoment({})).toMatchObject({ ok: true });
  });
});

describe('A shared secret', () => {
  const shared: Authentication = {
    kind: 'shared-secret',
    secret: 'SECRET',
    header: 'x-secret',
    prefix: 'Bearer ',
  };

  it('passes when it is right', () => {
    expect(check(shared, { 'x-secret': `Bearer ${SECRET}` })).toMatchObject({ ok: true });
  });
  it('tells neither a replay nor a moment', async () => {
    const passed = check(shared, { 'x-secret': `Bearer ${SECRET}` });
    if (!passed.ok) throw new Error(passed.problem.message);
    expect(passed.value.replayKey).toBeUndefined();
    expect(await passed.value.checkMoment({})).toMatchObject({ ok: true });
  });
  it.each(['', 'Bearer ', 'Bearer wrong', SECRET, `Bearer ${SECRET} `])(
    'is refused when it is "%s"',
    (given) => {
      expect(check(shared, { 'x-secret': given })).toMatchObject({ problem: { code: 'SignatureInvalid' } });
    },
  );
  it('is refused when it is missing', () => {
    expect(check(shared, {})).toMatchObject({ problem: { code: 'SignatureInvalid' } });
  });
});

describe('A connector without its secret', () => {
  it('lets nobody in, not even with the empty secret', () => {
    const settings = { SECRET: '' };
    const empty = `sha256=${createHmac('sha256', '')
      .update(`${inSeconds(0)}.`)
      .update(RAW)
      .digest('hex')}`;
    const headers = { 'x-timestamp': inSeconds(0), 'x-signature': empty };
    expect(check(hmac, headers, RAW, settings)).toMatchObject({ problem: { code: 'ConnectorNotReady' } });
  });
});
