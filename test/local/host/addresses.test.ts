import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { startTestHost, type TestHost } from './support/test-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost('behaviours.ts', { masterKey: 'the-master-key' });
});
afterAll(() => host.close());

/** Sends a request as it stands, which no HTTP client would; the whole answer. */
async function sendRaw(head: string): Promise<{ status: number; headers: string; body: string }> {
  const { port, hostname } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(head.replaceAll('\n', '\r\n'));
  const answer = await text(socket);
  const [headers = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1]), headers, body };
}
const request = (line: string, headers = ''): string =>
  `${line} HTTP/1.1\nHost: localhost\nConnection: close\n${headers}\n`;

describe('what Kestrel answers before the host is asked', () => {
  test.each([
    ['an asterisk that is not of OPTIONS', request('GET *'), 405],
    ['an address of nine kilobytes', request(`GET /api/plain?a=${'a'.repeat(9000)}`), 414],
    ['an address of a hundred kilobytes', request(`GET /api/plain?a=${'a'.repeat(100_000)}`), 414],
    ['a hundred and fifty headers', request('GET /api/plain', 'X-A: b\n'.repeat(150)), 431],
    ['headers of forty kilobytes', request('GET /api/plain', `X-A: ${'b'.repeat(40_000)}\n`), 431],
    ['a path with a NUL', request('GET /api/items/7/parts/a%00b'), 400],
    ['no request at all', 'hello\n\n', 400],
  ])('%s', async (_what, head, status) => {
    expect(await sendRaw(head)).toMatchObject({ status, body: '' });
  });

  test('an asterisk is told what it is for', async () => {
    expect((await sendRaw(request('GET *'))).headers).toMatch(/^allow: OPTIONS$/im);
  });

  test('an address and headers just within the limits', async () => {
    const long = `GET /api/plain?a=${'a'.repeat(8100)}`;
    expect((await sendRaw(request(long, 'X-A: b\n'.repeat(98)))).status).toBe(200);
  });

  test('a connection is kept for 130 seconds', async () => {
    const answer = await fetch(`${host.url}/api/plain`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=130');
  });
});

describe('methods', () => {
  test.each(['FOO /api/plain', 'CONNECT localhost:443', 'PROPFIND /api/plain', 'OPTIONS *'])(
    '%s is one that no function has',
    async (line) => {
      expect(await sendRaw(request(line))).toMatchObject({ status: 404, body: '' });
    },
  );
});

describe('paths', () => {
  const params = z.looseObject({ part: z.string() });
  test.each([
    ['what is no UTF-8', '%E4', '%E4'],
    ['what is no escape', '%zz', '%zz'],
    ['a slash that is escaped', 'a%2Fb', 'a%2Fb'],
    ['UTF-8', '%C3%A4%20b', 'ä b'],
    ['what is long', 'a'.repeat(3000), 'a'.repeat(3000)],
    ['half of a character', '%C3%A4%C3', 'ä%C3'],
  ])('keep %s', async (_what, sent, seen) => {
    const answer = await sendRaw(request(`GET /api/items/7/parts/${sent}`));
    expect(answer.status).toBe(200);
    expect(params.parse(JSON.parse(answer.body)).part).toBe(seen);
  });

  test.each(['//', '//api/plain', '/api//plain', '/api/items/7//parts'])(
    '%s with an empty segment leads nowhere',
    async (path) => {
      expect(await sendRaw(request(`GET ${path}`))).toMatchObject({ status: 404, body: '' });
    },
  );

  test('an empty segment is kept where the rest of the path is taken', async () => {
    const { body } = await sendRaw(request('GET /api/files/a//b'));
    expect(JSON.parse(body)).toMatchObject({ rest: 'a//b' });
  });
});

describe('queries', () => {
  const seenOf = async (query: string): Promise<unknown> => {
    const { body } = await sendRaw(request(`GET /api/noauthset?${query}`));
    return z.looseObject({ q: z.record(z.string(), z.string()) }).parse(JSON.parse(body)).q;
  };
  test.each([
    ['what is no UTF-8', 'vm=%ff', { vm: '%ff' }],
    ['what is no escape', 'vm=100%', { vm: '100%' }],
    ['blanks, slashes and UTF-8', 'a+b=c%20d%2F%C3%A4', { 'a b': 'c d/ä' }],
    ['a name in two spellings as one', 'a=1&A=2', { a: '1,2' }],
    ['a name without a value', 'a&b=', { a: '', b: '' }],
  ])('read %s', async (_what, query, seen) => {
    expect(await seenOf(query)).toEqual(seen);
  });
});

describe('keys', () => {
  const DURABLE = '/runtime/webhooks/durabletask/instances';
  const statusOf = async (path: string, key?: string): Promise<number> =>
    (await host.get(path, { headers: key === undefined ? {} : { 'x-functions-key': key } })).status;

  test.each([
    ['/api/sec', 401, 200, 401, 200],
    ['/api/adm', 401, 401, 401, 200],
    [DURABLE, 401, 403, 200, 200],
    ['/admin/host/status', 401, 403, 403, 200],
    ['/admin/functions', 401, 403, 403, 501],
    ['/admin/host/ping', 200, 200, 200, 200],
  ])(
    '%s is answered %i without, %i by a function, %i by the system and %i by the master key',
    async (path, ...expected) => {
      const keys = [undefined, 'the-key', host.systemKey, 'the-master-key'];
      expect(await Promise.all(keys.map((key) => statusOf(path, key)))).toEqual(expected);
    },
  );

  test('one that nobody gave out counts as none', async () => {
    for (const path of ['/api/sec', DURABLE, '/admin/host/status'])
      expect(await statusOf(path, 'guessed')).toBe(401);
  });

  test.each([
    ['/admin/functions', 'Bearer'],
    [DURABLE, 'Bearer'],
    ['/api/sec', null],
  ])('%s says without one how to sign in: %s', async (path, expected) => {
    expect((await host.get(path)).headers.get('www-authenticate')).toBe(expected);
  });

  test('the addresses that a client is told carry the one of the extension', async () => {
    const started = await host.get('/runtime/webhooks/durabletask/orchestrators/nobody', {
      method: 'POST',
      headers: { 'x-functions-key': 'the-master-key' },
    });
    const told = z.object({ statusQueryGetUri: z.string() }).parse(await started.json());
    expect(new URL(told.statusQueryGetUri).searchParams.get('code')).toBe(host.systemKey);
  });
});
