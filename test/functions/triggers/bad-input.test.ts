import { createHmac } from 'node:crypto';
import { createApp, NOW, vmIdOf, type Answer, type App } from './app.ts';
import { payloadOf } from '../../shared/intake/fixtures.ts';

const SECRET = 'hunter2';
const SETTINGS = { RDP_MEDIC_SECRET_GENERIC: SECRET };
const JSON_TYPE = 'application/json; charset=utf-8';
const ALERT = JSON.stringify(payloadOf('alerts', 'metric-static'));
const alertFor = (...targets: string[]): string =>
  ALERT.replace(/"alertTargetIDs":\[[^\]]*\]/, `"alertTargetIDs":${JSON.stringify(targets)}`);

/** A body at each of the three doors, rightly signed where one asks for it. */
type Door = (app: App, raw: string | Uint8Array, headers?: Record<string, string>) => Promise<Answer>;
const DOORS: Readonly<Record<string, Door>> = {
  '/api/remediations': (app, raw, headers) =>
    app.call('/api/remediations', {
      method: 'POST',
      raw,
      headers: { 'content-type': JSON_TYPE, ...headers },
    }),
  '/api/alerts': (app, raw, headers) =>
    app.call('/api/alerts', { method: 'POST', raw, headers: { 'content-type': JSON_TYPE, ...headers } }),
  '/api/tickets/generic': (app, raw, headers) => {
    const stamp = String(NOW / 1000);
    const signature = createHmac('sha256', SECRET).update(`${stamp}.`).update(raw).digest('hex');
    return app.call('/api/tickets/generic', {
      method: 'POST',
      raw,
      headers: {
        'content-type': JSON_TYPE,
        'x-rdp-medic-timestamp': stamp,
        'x-rdp-medic-signature': `sha256=${signature}`,
        ...headers,
      },
    });
  },
};

function createFleet(): App {
  const app = createApp({ settings: SETTINGS });
  app.addVm('tls');
  return app;
}

/** Problem details that say what happened and what to do; and nothing was started, kept waiting or put aside. */
async function expectRefused(app: App, answer: Answer, status: number, code: string): Promise<void> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    code,
    type: `/docs/errors#${code.toLowerCase()}`,
    title: expect.stringMatching(/\S/),
    detail: expect.stringMatching(/\S/),
    next: expect.stringMatching(/\S/),
  });
  expect(app.engine.started).toBe(0);
  expect(app.queue.messages).toEqual([]);
  expect(await app.intake.listWaiting()).toEqual([]);
}

describe.each(Object.entries(DOORS))('Bad input at %s', (_path, door) => {
  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['a body over the limit', `{"vmId":"${'a'.repeat(256 * 1024)}"}`, {}, 413, 'BodyTooLarge'],
    ['a declared length over the limit', '{}', { 'content-length': '300000' }, 413, 'BodyTooLarge'],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415, 'ContentTypeUnsupported'],
    ['no content type', '{}', { 'content-type': '' }, 415, 'ContentTypeUnsupported'],
    [
      'a form',
      'vmId=tls',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'ContentTypeUnsupported',
    ],
    ['no JSON', 'vmId=tls', {}, 400, 'BodyNotJson'],
    ['an empty body', '', {}, 400, 'BodyNotJson'],
    ['half a JSON', '{"vmId":', {}, 400, 'BodyNotJson'],
    ['two JSONs', '{}{}', {}, 400, 'BodyNotJson'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'BodyNotJson'],
    ['deep nesting', '['.repeat(9000) + ']'.repeat(9000), {}, 400, 'BodyNotJson'],
    ['duplicate keys', `{"vmId":"${vmIdOf('tls')}","vmId":"${vmIdOf('tls')}"}`, {}, 400, 'BodyNotJson'],
    ['a duplicate key, spelled with an escape', `{"vmId":"x","vm\\u0049d":"y"}`, {}, 400, 'BodyNotJson'],
    ['a prototype key', '{"__proto__":{"vmId":"x"}}', {}, 400, 'BodyNotJson'],
    ['an array', '[]', {}, 400, 'RequestInvalid'],
    ['null', 'null', {}, 400, 'RequestInvalid'],
  ])('%s', async (_what, raw, headers, status, code) => {
    const app = createFleet();
    await expectRefused(app, await door(app, raw, headers), status, code);
  });
});

/** Ids that are not those of a VM here, each with what it is answered. */
const WRONG_IDS: readonly (readonly [string, string, number, string])[] = [
  ['an unknown VM', vmIdOf('gone'), 404, 'VmNotFound'],
  ['another cloud’s id', 'arn:aws:ec2:eu-west-1:1:instance/virtualMachines/i-1', 400, 'RequestInvalid'],
  [
    'an instance of a scale set',
    vmIdOf('1').replace('virtualMachines', 'virtualMachineScaleSets/s/virtualMachines'),
    422,
    'UniformScaleSet',
  ],
  ['a Cyrillic look-alike', vmIdOf('tlѕ'), 400, 'RequestInvalid'],
  ['a full-width look-alike', vmIdOf('ｔｌｓ'), 400, 'RequestInvalid'],
  ['a zero-width space', vmIdOf('tls\u200b'), 400, 'RequestInvalid'],
  ['a path upwards', vmIdOf('../virtualMachines/tls'), 400, 'RequestInvalid'],
  ['an encoded id', vmIdOf('tls').replaceAll('/', '%2F/virtualMachines/'), 400, 'RequestInvalid'],
  [
    'an Arc machine',
    vmIdOf('tls').replace('Microsoft.Compute', 'Microsoft.HybridCompute'),
    400,
    'RequestInvalid',
  ],
];

describe('An id that is none of a VM here', () => {
  it.each(WRONG_IDS)('%s, by hand', async (_what, vmId, status, code) => {
    const app = createFleet();
    const answer = await DOORS['/api/remediations']!(app, JSON.stringify({ vmId }));
    await expectRefused(app, answer, status, code);
    // What a stranger wrote is not repeated, unless it has the shape of an id.
    if (status !== 404) expect(answer.text).not.toContain(vmId);
  });

  it.each(WRONG_IDS)('%s, in a ticket', async (_what, vmId, status, code) => {
    const app = createFleet();
    const answer = await DOORS['/api/tickets/generic']!(app, JSON.stringify({ vmId, ticket: 'T-1' }));
    await expectRefused(app, answer, status, code);
  });

  it.each(WRONG_IDS)(
    '%s, as a target of an alert: said of that target, and the others go on',
    async (_what, vmId, _status, code) => {
      const app = createFleet();
      const answer = await DOORS['/api/alerts']!(app, alertFor(vmId, vmIdOf('tls')));
      expect(answer.status).toBe(202);
      expect(answer.body).toMatchObject({
        results: expect.arrayContaining([
          expect.objectContaining({
            status: 'refused',
            code,
            reason: expect.any(String),
            next: expect.any(String),
          }),
          expect.objectContaining({ status: 'started', vmId: vmIdOf('tls').toLowerCase() }),
        ]),
      });
      expect(app.engine.started).toBe(1);
    },
  );

  it.each(WRONG_IDS)('%s, in a message: put aside with the reason', async (_what, vmId, _status, code) => {
    const app = createFleet();
    await app.take({ vmId });
    expect(await app.intake.listAside()).toMatchObject([{ problem: { code, next: expect.any(String) } }]);
    expect(app.engine.started).toBe(0);
  });

  it.each([
    vmIdOf('TLS'),
    vmIdOf('tls').toUpperCase(),
    `${vmIdOf('tls')}/`,
    `${vmIdOf('Tls').toLowerCase()}/`,
  ])('is not %s: case and a trailing slash change nothing', async (vmId) => {
    const app = createFleet();
    const answer = await DOORS['/api/remediations']!(app, JSON.stringify({ vmId }));
    expect(answer.body).toMatchObject({ status: 'started', vmId: vmIdOf('tls').toLowerCase() });
  });
});

describe('An alert with as many targets as a body can hold', () => {
  it('is answered for each of them, and none is lost', async () => {
    const app = createFleet();
    const targets = Array.from({ length: 1900 }, (_, index) => vmIdOf(`v${String(index)}`, 'r'));
    const raw = alertFor(...targets);
    expect(raw.length).toBeGreaterThan(200 * 1024);
    const answer = await DOORS['/api/alerts']!(app, raw);
    expect(answer.status).toBe(202);
    expect(app.queue.messages.map(({ request }) => request.vmId)).toEqual(
      targets.map((id) => id.toLowerCase()),
    );
  });
});

describe('Another method', () => {
  it.each([
    ['PUT', '/api/remediations', 'GET, POST'],
    ['DELETE', '/api/remediations/vm-1', 'GET'],
    ['DELETE', '/api/remediations/vm-1/report', 'GET'],
    ['GET', '/api/remediations/vm-1/approval', 'POST'],
    ['GET', '/api/alerts', 'POST'],
    ['PATCH', '/api/tickets/github', 'POST'],
    ['POST', '/api/health', 'GET'],
    ['HEAD', '/api/openapi.json', 'GET'],
    ['POST', '/api/policy/explain', 'GET'],
    ['POST', '/', 'GET'],
  ] as const)('%s %s: 405, Allow: %s', async (method, path, allow) => {
    const app = createFleet();
    const answer = await app.call(path, { method });
    await expectRefused(app, answer, 405, 'MethodNotAllowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });
});
