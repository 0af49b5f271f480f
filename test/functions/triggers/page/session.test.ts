import type { Cookie } from '@azure/functions';
import { APPROVER_SECRET, createApp, signedIn, type Answer, type App } from '../app.ts';
import { goingOn } from '../going-on.ts';

const PAGE = { 'x-rdp-medic-page': '1', 'sec-fetch-site': 'same-origin' };
const LIST = '/page/api/remediations';
const HOUR = 3600;

/** What a browser sends back of the cookies of an answer. */
function sent(cookies: readonly Cookie[]): { cookie: string } {
  return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}

async function signIn(app: App): Promise<{ cookie: string }> {
  return sent((await app.call('/page/sign-in', { method: 'POST', headers: PAGE })).cookies);
}

/** Asks for the list with a session, and takes the cookie of the answer, where it has one. */
async function look(app: App, session: { cookie: string }): Promise<[Answer, { cookie: string }]> {
  const answer = await app.call(LIST, { headers: session });
  return [answer, answer.cookies.length > 0 ? sent(answer.cookies) : session];
}

describe('POST /page/sign-in', () => {
  it('exchanges the key for a cookie that no script reads, that no other site sends, and that ends', async () => {
    const { cookies, text } = await createApp().call('/page/sign-in', { method: 'POST', headers: PAGE });
    expect(cookies).toMatchObject([
      {
        name: '__Host-rdp-medic',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
        maxAge: HOUR,
      },
    ]);
    expect(cookies[0]).not.toHaveProperty('domain');
    expect(text).not.toContain(cookies[0]!.value);
  });

  it('takes no key that stands in an address', async () => {
    const answer = await createApp().call('/page/sign-in?code=the-key', { method: 'POST', headers: PAGE });
    expect([answer.status, answer.cookies]).toEqual([400, []]);
  });

  it('says how to set sessions up where they are not', async () => {
    const app = createApp({ sessionSecret: undefined });
    const { status, text } = await app.call('/page/sign-in', { method: 'POST', headers: PAGE });
    expect(status).toBe(503);
    expect(text).toContain('RDP_MEDIC_SESSION_SECRET');
  });

  it('is not there where people sign in with Entra ID', async () => {
    const app = createApp({ auth: 'entra' });
    const headers = { ...PAGE, ...signedIn(['Operate']) };
    expect((await app.call('/page/sign-in', { method: 'POST', headers })).status).toBe(404);
  });
});

describe('A session', () => {
  it('lets the page ask', async () => {
    const app = createApp();
    expect((await app.call(LIST)).status).toBe(401);
    expect((await look(app, await signIn(app)))[0].status).toBe(200);
  });

  it.each<[string, (token: string) => string]>([
    ['nothing', () => ''],
    ['no token', () => 'v1'],
    ['a later end', (token) => token.replace(/^(v1\.\d+\.)\d+/, '$19999999999999')],
    ['a later beginning', (token) => token.replace(/^v1\.\d+/, 'v1.9999999999999')],
    ['another signature', (token) => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')],
    ['no signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
  ])('with %s is none', async (_what, change) => {
    const app = createApp();
    const [name = '', token = ''] = (await signIn(app)).cookie.split('=');
    const [answer] = await look(app, { cookie: `${name}=${change(token)}` });
    expect(answer.status).toBe(401);
  });

  it('of another secret is none: changing it signs everybody out', async () => {
    const session = await signIn(createApp());
    const [answer] = await look(
      createApp({ sessionSecret: 'another secret, as long as it has to be' }),
      session,
    );
    expect(answer.status).toBe(401);
  });

  it('ends after an hour in which nobody looked', async () => {
    const app = createApp();
    const session = await signIn(app);
    app.pass(HOUR);
    expect((await look(app, session))[0].status).toBe(401);
  });

  it('goes on while somebody looks, for a shift at the most', async () => {
    const app = createApp();
    let session = await signIn(app);
    let status = 200;
    let hours = 0;
    for (; status === 200 && hours < 24; hours += 0.5) {
      app.pass(HOUR / 2 + 1);
      const [answer, next] = await look(app, session);
      status = answer.status;
      session = next;
    }
    expect([status, Math.floor(hours)]).toEqual([401, 8]);
  });

  it('is renewed no more often than it takes', async () => {
    const app = createApp();
    const session = await signIn(app);
    app.pass(60);
    expect((await look(app, session))[0].cookies).toEqual([]);
  });

  it('is forgotten by who signs out', async () => {
    const app = createApp();
    const headers = { ...PAGE, ...(await signIn(app)) };
    const { cookies } = await app.call('/page/sign-out', { method: 'POST', headers });
    expect(cookies).toMatchObject([{ name: '__Host-rdp-medic', value: '', maxAge: 0 }]);
  });

  it('approves nothing by itself: that takes the secret of approvers as well', async () => {
    const app = createApp();
    const id = await goingOn(app, 'approval');
    const headers = { ...PAGE, ...(await signIn(app)) };
    const approve = (more: Record<string, string>) =>
      app.call(`/page/api/remediations/${id}/approval`, { body: {}, headers: { ...headers, ...more } });
    expect((await approve({})).status).toBe(403);
    // Let in, and then told what is wrong with the body.
    expect((await approve({ 'x-rdp-medic-approver': APPROVER_SECRET })).status).toBe(400);
  });
});

describe('What changes something and is not asked for by the page itself', () => {
  it.each<[string, Record<string, string>]>([
    ['lacks the header that no other site can send', {}],
    ['says that it comes from another site', { ...PAGE, 'sec-fetch-site': 'cross-site' }],
    ['says that it comes from a neighbour', { ...PAGE, 'sec-fetch-site': 'same-site' }],
  ])('is refused: it %s', async (_what, headers) => {
    const app = createApp();
    const id = await goingOn(app, 'offline');
    const cookie = await signIn(app);
    const path = `/page/api/remediations/${id}/cancel`;
    const answer = await app.call(path, { body: {}, headers: { ...headers, ...cookie } });
    expect([answer.status, answer.body]).toMatchObject([403, { code: 'FromAnotherSite' }]);
    expect((await app.call(path, { body: {}, headers: { ...PAGE, ...cookie } })).status).toBe(202);
  });

  it('is refused by somebody signed in with Entra ID just as well', async () => {
    const app = createApp({ auth: 'entra' });
    const path = '/page/api/queue/m-1/requeue';
    const headers = signedIn(['Operate']);
    expect((await app.call(path, { body: {}, headers })).status).toBe(403);
    expect((await app.call(path, { body: {}, headers: { ...headers, ...PAGE } })).status).toBe(404);
  });
});

describe('GET /page/me', () => {
  const me = async (app: App, headers: Record<string, string> = {}) =>
    (await app.call('/page/me', { headers })).body;

  it('tells a stranger how to sign in, and nothing more than health does', async () => {
    expect(await me(createApp())).toEqual({
      signIn: 'key',
      version: '1.2.3',
      open: true,
      accepting: true,
      stranger: 'unknown',
    });
    expect(await me(createApp({ sessionSecret: undefined }))).toMatchObject({ signIn: 'not-set-up' });
    const closed = await me(createApp({ closed: 'RDP_MEDIC_X is no setting.' }));
    expect(closed).toMatchObject({ open: false, stranger: 'unknown' });
    expect(JSON.stringify(closed)).not.toContain('RDP_MEDIC_X');
  });

  it('tells who holds a session that approving takes the secret', async () => {
    const app = createApp();
    expect(await me(app, await signIn(app))).toMatchObject({
      caller: { roles: ['Request'], approves: 'by-secret' },
    });
  });

  it('tells a person by name and roles, and who has none that he has none', async () => {
    const app = createApp({ auth: 'entra' });
    expect(await me(app, signedIn(['Approve']))).toMatchObject({
      signIn: 'entra',
      caller: { name: 'ada@example.com', roles: ['Approve'], approves: 'by-role' },
    });
    expect(await me(app, signedIn([]))).toMatchObject({ stranger: 'without-role' });
  });
});
