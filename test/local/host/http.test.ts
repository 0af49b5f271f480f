import * as z from 'zod';
import { startTestHost, type TestHost } from './support/test-host.ts';

describe('HTTP-triggered functions', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost('behaviours.ts');
  });
  afterAll(() => host.close());

  const statusOf = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await host.get(path, { headers })).status;

  test.each([
    ['in the header', '/api/sec', { 'x-functions-key': 'the-key' }, 200],
    ['in the query', '/api/sec?code=the-key', {}, 200],
    ['wrong', '/api/sec?code=another-key', {}, 401],
    ['missing', '/api/sec', {}, 401],
    ['missing where an admin is asked for', '/api/adm', {}, 401],
    ['not needed', '/api/plain', {}, 200],
  ])('a key that is %s', async (_title, path, headers, expected) => {
    expect(await statusOf(path, headers)).toBe(expected);
  });

  test.each([
    ['/api/items/7/parts/a%20b', { id: '7', part: 'a b' }],
    ['/api/items/7/parts', { id: '7' }],
    ['/API/Items/7/Parts/X', { id: '7', part: 'X' }],
    ['/api/files/a/b/c.txt', { rest: 'a/b/c.txt' }],
    ['/api/files', {}],
  ])('the route of %s', async (path, params) => {
    const response = await host.get(path);
    expect(response.status).toBe(200);
    const given = z.record(z.string(), z.string()).parse(await response.json());
    expect(Object.entries(given).filter(([, value]) => value !== '')).toEqual(Object.entries(params));
  });

  test.each(['/api/items/seven/parts/x', '/api', '/plain', '/api/items/7'])(
    '%s is not found',
    async (path) => {
      expect(await statusOf(path)).toBe(404);
    },
  );

  test('nothing returned is 204', async () => {
    expect(await statusOf('/api/empty')).toBe(204);
  });

  test('cookies are set as ASP.NET spells them', async () => {
    const response = await host.get('/api/cookie');
    expect(response.headers.getSetCookie()).toEqual([
      'a=b; max-age=5; path=/',
      'c=d%20e; path=/; secure; samesite=strict; httponly',
    ]);
  });

  test("the date of an answer is the clock's, as it is that of everything else", async () => {
    const { headers } = await host.get('/api/plain');
    expect(Date.parse(headers.get('date') ?? '')).toBe(Math.floor(host.clock.now() / 1000) * 1000);
  });
});
