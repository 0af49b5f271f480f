import { createHmac } from 'node:crypto';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { payloadOf } from '../../shared/intake/fixtures.ts';
import { createApp, NOW, vmIdOf, type App, type Answer } from './app.ts';

const SECRET = 'hunter2';
const SETTINGS = { RDP_MEDIC_SECRET_GITHUB: SECRET, RDP_MEDIC_SECRET_GENERIC: SECRET };
const hmac = (text: string): string => createHmac('sha256', SECRET).update(text).digest('hex');

function github(
  app: App,
  payload = payloadOf('tickets', 'github-labeled'),
  secret = SECRET,
): Promise<Answer> {
  const raw = JSON.stringify(payload);
  const signature = createHmac('sha256', secret).update(raw).digest('hex');
  return app.call('/api/tickets/github', { raw, headers: { 'x-hub-signature-256': `sha256=${signature}` } });
}
function generic(app: App, body: unknown, at = NOW): Promise<Answer> {
  const raw = JSON.stringify(body);
  const stamp = String(Math.floor(at / 1000));
  return app.call('/api/tickets/generic', {
    raw,
    headers: { 'x-rdp-medic-timestamp': stamp, 'x-rdp-medic-signature': `sha256=${hmac(`${stamp}.${raw}`)}` },
  });
}

const idOf = ({ headers }: Answer): string => (headers.get('location') ?? '').split('/').at(-1) ?? '';

describe('POST /api/tickets/{connector}', () => {
  it('starts a remediation that knows its ticket', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls');
    const answer = await github(app);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'started', vmId });
    expect(app.engine.instances.get(instanceIdOf(vmId))?.input).toMatchObject({
      request: {
        source: {
          kind: 'ticket',
          name: 'github',
          id: 'contoso/fleet-ops#42',
          replyTo: 'https://api.github.com/repos/contoso/fleet-ops/issues/42/comments',
        },
      },
    });
  });

  it('starts nothing by further events of a ticket that has asked lately, however it ended', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls');
    let moment = NOW;
    const ask = () => generic(app, { vmId, ticket: 'T-9' }, (moment += 1000));
    expect((await ask()).body).toMatchObject({ status: 'started' });
    expect((await ask()).body).toMatchObject({ status: 'joined' });
    app.engine.end(instanceIdOf(vmId));
    expect((await ask()).body).toEqual({
      status: 'nothing-to-do',
      reason: 'this ticket already requested a repair within the last 60 minutes',
    });
    expect((await generic(app, { vmId, ticket: 'T-10' })).body).toMatchObject({ status: 'started' });
    expect(app.engine.started).toBe(2);
  });

  it('lets a ticket ask again that was refused', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls', { powerState: 'stopped' });
    expect((await generic(app, { vmId, ticket: 'T-9' })).status).toBe(409);
    app.addVm('tls');
    expect((await generic(app, { vmId, ticket: 'T-9' })).body).toMatchObject({ status: 'started' });
  });

  it('lets a ticket ask again after its rest', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls');
    await generic(app, { vmId, ticket: 'T-9' });
    app.engine.end(instanceIdOf(vmId));
    app.pass(3600);
    expect((await generic(app, { vmId, ticket: 'T-9' }, NOW + 3600_000)).body).toMatchObject({
      status: 'started',
    });
  });

  it('lets a second ticket for the VM join, so that its comments go there too', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls');
    const first = await github(app);
    const second = await generic(app, { vmId, ticket: 'T-9' });
    expect(second.body).toMatchObject({ status: 'joined' });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await app.intake.followers(idOf(first))).toEqual([{ kind: 'ticket', name: 'generic', id: 'T-9' }]);
    expect(app.news).toEqual([{ remediationId: idOf(first), event: 'started' }]);
    expect(app.engine.instances.get(instanceIdOf(vmId))?.events).toEqual([]);
  });

  it.each<[string, (app: App) => Promise<Answer>, number, string]>([
    ['a wrong key', (app) => github(app, undefined, 'wrong'), 401, 'SignatureInvalid'],
    ['no signature', (app) => app.call('/api/tickets/github', { body: {} }), 401, 'SignatureInvalid'],
    [
      'a stale signature',
      (app) => generic(app, { vmId: vmIdOf('tls'), ticket: '1' }, NOW - 400_000),
      401,
      'SignatureStale',
    ],
    [
      'a signature of tomorrow',
      (app) => generic(app, { vmId: vmIdOf('tls'), ticket: '1' }, NOW + 400_000),
      401,
      'SignatureStale',
    ],
    ['an unknown connector', (app) => app.call('/api/tickets/constructor', { body: {} }), 404, 'NotFound'],
    [
      'a connector without a secret',
      (app) => app.call('/api/tickets/jira', { body: {} }),
      503,
      'ConnectorNotReady',
    ],
    [
      'a mode that does not exist',
      (app) => generic(app, { vmId: vmIdOf('tls'), ticket: '1', mode: 'x' }),
      400,
      'RequestInvalid',
    ],
    [
      'another content type',
      (app) =>
        app.call('/api/tickets/github', {
          raw: '{}',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      415,
      'ContentTypeUnsupported',
    ],
  ])('refuses %s and starts nothing', async (_what, send, status, code) => {
    const app = createApp({ settings: SETTINGS });
    app.addVm('tls');
    const answer = await send(app);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code });
    expect(app.engine.started).toBe(0);
  });

  it('refuses a message whose moment, in its signed body, is long over', async () => {
    const app = createApp({ settings: SETTINGS });
    app.addVm('tls');
    app.pass(7200);
    expect((await github(app)).body).toMatchObject({ code: 'SignatureStale' });
  });

  it('takes a message once: a replay is 409', async () => {
    const app = createApp({ settings: SETTINGS });
    const vmId = app.addVm('tls');
    expect((await github(app)).status).toBe(202);
    app.engine.end(instanceIdOf(vmId));
    const replay = await github(app);
    expect(replay.status).toBe(409);
    expect(replay.body).toMatchObject({ code: 'SignatureReplayed' });
    expect(app.engine.started).toBe(1);
  });

  it('does not take the sender’s own retry for a replay when nothing came of the first', async () => {
    const app = createApp({ settings: SETTINGS });
    app.addVm('tls', { powerState: 'starting' });
    expect((await github(app)).status).toBe(409);
    app.addVm('tls');
    expect((await github(app)).body).toMatchObject({ status: 'started' });
  });

  it('says "nothing to do" to an event that asks for nothing', async () => {
    const app = createApp({ settings: SETTINGS });
    app.addVm('tls');
    const answer = await github(app, payloadOf('tickets', 'github-opened'));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ status: 'nothing-to-do', reason: expect.stringContaining('label') });
    expect(app.engine.started).toBe(0);
  });

  it('writes no secret and no text of the ticket anywhere', async () => {
    const app = createApp({ settings: SETTINGS });
    app.addVm('tls');
    const text = JSON.stringify(payloadOf('tickets', 'github-labeled'));
    await github(app, JSON.parse(text.replace('Cannot sign in', 'The password is correct-horse')));
    const written = app.logs.join() + app.intake.everything() + JSON.stringify([...app.engine.instances]);
    expect(written).not.toMatch(/hunter2|correct-horse/);
  });
});
