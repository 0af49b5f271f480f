import type { HttpMethod } from '@azure/functions';
import { asksForKey } from '../../../functions/triggers/door.ts';
import { httpRoutes } from '../../../functions/triggers/routes.ts';
import { ROLES, type Role } from '../../../shared/model/principal.ts';
import { APPROVER_SECRET, createApp, PERSON, signedIn, TENANT, vmIdOf, type App } from './app.ts';

const ID = 'vm-00000000000000000000000000000000-20260101000000000-0000';
const APPROVER = { 'x-rdp-medic-approver': APPROVER_SECRET };

/** Every method of every address, as somebody would call it. */
const DOORS = httpRoutes(createApp().deps).flatMap(({ path, handlers, access }) =>
  (['GET', 'POST'] satisfies HttpMethod[])
    .filter((method) => handlers[method])
    .map((method) => ({ method, path: pathOf(path), access })),
);

function pathOf(route: string): string {
  return `/${route
    .replace('{nothing:maxlength(0)?}', '')
    .replace('{id}', ID)
    .replace('{connector}', 'generic')
    .replace(/\{(file|name|message)\}/, 'main.js')}`;
}

async function knock(
  app: App,
  door: { method: 'GET' | 'POST'; path: string },
  headers = {},
): Promise<number> {
  const body = door.method === 'POST' ? { body: {} } : {};
  const sent = { 'x-rdp-medic-page': '1', ...headers };
  return (await app.call(door.path, { method: door.method, headers: sent, ...body })).status;
}

describe('With settings that do not fit', () => {
  it.each(DOORS.filter(({ access }) => access !== 'anybody'))(
    '$method $path answers 503 and says what is allowed',
    async ({ method, path }) => {
      const closed = 'RDP_MEDIC_KILL_SWITCH: must be "on" or "off".';
      const answer = await createApp({ closed }).call(path, { method });
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'DoorsClosed', detail: closed });
    },
  );
  it('a message of the queue is put aside with the reason, whole', async () => {
    const app = createApp({ closed: 'RDP_MEDIC_X is no setting.' });
    const vmId = app.addVm('tls');
    await app.take({ vmId, mode: 'online' });
    expect(app.engine.started).toBe(0);
    expect(await app.intake.listAside()).toMatchObject([
      { problem: { code: 'DoorsClosed', message: 'RDP_MEDIC_X is no setting.' }, request: { vmId } },
    ]);
  });
});

describe('The host asks for a function key', () => {
  const asked = (options: Parameters<typeof createApp>[0]) =>
    new Map(
      httpRoutes(createApp().deps).map((route) => [route.name, asksForKey(createApp(options).deps, route)]),
    );
  it('at every address of the API but health and the page of errors, where callers have keys; and where one is exchanged for a session', () => {
    const api = httpRoutes(createApp().deps).filter(({ path }) => path.startsWith('api/'));
    const keyed = [...asked({})].filter(([, key]) => key).map(([name]) => name);
    expect(keyed).toEqual([...api.map(({ name }) => name).filter((name) => name !== 'health'), 'pageSignIn']);
  });
  it('nowhere, where App Service authentication stands before it', () => {
    expect([...asked({ auth: 'entra' }).values()]).not.toContain(true);
  });
  it('again, where the settings do not fit: no stranger learns which', () => {
    const open = [...asked({ auth: 'entra', closed: 'x' })].filter(([, key]) => !key).map(([name]) => name);
    expect(open).toEqual(['errors', 'health', 'page', 'pageAssets', 'pageMe']);
  });
});

describe('Entra ID in front', () => {
  const guarded = DOORS.filter(({ access }) => access === 'caller' || access === 'page');

  it.each(guarded)('401 without a sign-in: $method $path', async (door) => {
    expect(await knock(createApp({ auth: 'entra' }), door)).toBe(401);
  });
  it.each(guarded)('403 without any role: $method $path', async (door) => {
    expect(await knock(createApp({ auth: 'entra' }), door, signedIn([]))).toBe(403);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', { 'x-ms-client-principal': '' }],
    ['no base64', { 'x-ms-client-principal': '%' }],
    [
      'no claims',
      { 'x-ms-client-principal': Buffer.from('{"auth_typ":"aad","claims":[]}').toString('base64') },
    ],
    ['somebody of another tenant', signedIn(['Operate'], { tid: PERSON })],
    ['no tenant', signedIn(['Operate'], { tid: undefined })],
    ['no object', signedIn(['Operate'], { oid: undefined })],
  ])('401 to %s', async (_who, headers) => {
    const app = createApp({ auth: 'entra' });
    expect((await app.call('/api/remediations', { headers })).status).toBe(401);
  });

  it('takes the long names of claims as well', async () => {
    const long = {
      tid: undefined,
      oid: undefined,
      'http://schemas.microsoft.com/identity/claims/tenantid': TENANT.toUpperCase(),
      'http://schemas.microsoft.com/identity/claims/objectidentifier': PERSON,
    };
    const app = createApp({ auth: 'entra' });
    expect((await app.call('/api/remediations', { headers: signedIn(['Request'], long) })).status).toBe(200);
  });

  it.each<[Role, string, number]>([
    ['Request', '/api/remediations', 202],
    ['Operate', '/api/remediations', 202],
    ['Approve', '/api/remediations', 403],
    ['Approve', `/api/remediations/${ID}/approval`, 404],
    ['Request', `/api/remediations/${ID}/approval`, 403],
    ['Operate', `/api/remediations/${ID}/approval`, 403],
  ])('%s at %s: %i', async (role, path, status) => {
    const app = createApp({ auth: 'entra' });
    const vmId = app.addVm('tls');
    expect((await app.call(path, { body: { vmId }, headers: signedIn([role]) })).status).toBe(status);
  });

  it.each(ROLES)('%s may look on', async (role) => {
    const app = createApp({ auth: 'entra' });
    expect((await app.call('/api/remediations', { headers: signedIn([role]) })).status).toBe(200);
  });

  it('keeps who asked, by tenant and object, whatever name was given', async () => {
    const app = createApp({ auth: 'entra' });
    const vmId = app.addVm('tls');
    await app.call('/api/remediations', { body: { vmId }, headers: signedIn(['Request']) });
    const [instance] = [...app.engine.instances.values()];
    expect(instance?.input).toMatchObject({
      request: { source: { kind: 'manual', by: { tid: TENANT, oid: PERSON, name: 'ada@example.com' } } },
    });
  });
});

describe('Keys', () => {
  it.each<[string, Record<string, string>, number]>([
    ['with the function key alone', {}, 403],
    ['with another secret', { 'x-rdp-medic-approver': `${APPROVER_SECRET}.` }, 403],
    ['with the secret of approvers', APPROVER, 404],
  ])('approving %s', async (_how, headers, status) => {
    expect((await createApp().call(`/api/remediations/${ID}/approval`, { body: {}, headers })).status).toBe(
      status,
    );
  });

  it('go back to an earlier disk only with the secret of approvers', async () => {
    const app = createApp();
    const path = `/api/remediations/${ID}/rollback`;
    expect((await app.call(path, { body: { acceptLoss: '2026-02-28T10:00:00.000Z' } })).status).toBe(403);
  });

  it('are callers; with the secret of approvers as well, operators', async () => {
    const app = createApp();
    const rebuild = { vmId: app.addVm('tls'), options: { restoreWay: 'rebuild' } };
    const refused = await app.call('/api/remediations', { body: rebuild });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ rule: 'source-restore-way' });
    expect((await app.call('/api/remediations', { body: rebuild, headers: APPROVER })).status).toBe(202);
  });

  it('believe no header of App Service authentication, which is not there', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    await app.call('/api/remediations', { body: { vmId: vmIdOf('TLS') }, headers: signedIn(['Operate']) });
    const [instance] = [...app.engine.instances.values()];
    expect(instance?.input).toMatchObject({ request: { vmId, source: { kind: 'manual' } } });
  });
});
