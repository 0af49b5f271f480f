import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { run } from './support/command.ts';

const SCOPE = 'api://rdp-medic-app';

let server: Server;
let base: string;
const asked: { path: string; headers: IncomingMessage['headers'] }[] = [];
beforeAll(async () => {
  // An identity endpoint as App Service has it, and an app behind App Service authentication: it lets in who brings the token.
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push({ path: request.url ?? '', headers: request.headers });
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/token') {
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      answer(200, {
        access_token: `for ${searchParams.get('resource') ?? ''}`,
        expires_on,
        token_type: 'Bearer',
      });
    } else if (request.headers.authorization !== `Bearer for ${SCOPE}`) answer(401, {});
    else answer(200, { remediations: [], total: 0, queued: [], poison: [] });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const signIn = (): Record<string, string> => ({
  IDENTITY_ENDPOINT: `${base}/token`,
  IDENTITY_HEADER: 'x',
  RDP_MEDIC_STATE: '/nowhere',
});

describe('An app that people sign in to with Entra ID', () => {
  it('is called with a token of the user’s own, for that app, and with no key', async () => {
    const ended = await run(['list', '--app', base], {
      ...signIn(),
      RDP_MEDIC_APP_SCOPE: `${SCOPE}/.default`,
    });
    expect(ended).toMatchObject({ code: 0, output: 'No remediations.\n' });
    const call = asked.find(({ path }) => path.startsWith('/api/'));
    expect(call?.headers).not.toHaveProperty('x-functions-key');
    expect(call?.headers).not.toHaveProperty('x-rdp-medic-approver');
  });

  it('and who has a token for something else is told to sign in', async () => {
    const ended = await run(['list', '--app', base], {
      ...signIn(),
      RDP_MEDIC_APP_SCOPE: 'api://another/.default',
    });
    expect(ended).toMatchObject({
      code: 7,
      errors: expect.stringMatching(/rejected your credentials \(HTTP 401\)/),
    });
  });

  it('without a key or a scope nothing is called', async () => {
    const before = asked.length;
    const ended = await run(['list', '--app', base], signIn());
    expect(ended).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/RDP_MEDIC_KEY .* RDP_MEDIC_APP_SCOPE/s),
    });
    expect(asked).toHaveLength(before);
  });
});
