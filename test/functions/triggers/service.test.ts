import { HttpRequest, InvocationContext } from '@azure/functions';
import { z } from 'zod';
import { guarded } from '../../../functions/triggers/authentication.ts';
import { endpoint } from '../../../functions/triggers/http.ts';
import { createApp, vmIdOf } from './app.ts';
import { memoryEngine } from './engine.ts';

describe('GET /api/policy/explain', () => {
  it('answers rule by rule, without starting anything', async () => {
    const app = createApp({ policy: { tag: { required: true } } });
    const vmId = app.addVm('tls');
    const answer = await app.call(`/api/policy/explain?vm=${encodeURIComponent(vmIdOf('TLS'))}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      vmId,
      mode: 'full',
      decision: 'refused',
      decidedBy: 'opt-in-tag',
      vm: { osType: 'Windows', powerState: 'running' },
    });
    expect(answer.body).toHaveProperty(
      'verdicts',
      expect.arrayContaining([
        { rule: 'opt-out-tag', verdict: 'allows', reason: 'the VM is not opted out' },
        {
          rule: 'opt-in-tag',
          verdict: 'refuses',
          code: 'PolicyRefused',
          reason: 'the VM lacks the tag rdp-medic: enabled',
        },
      ]),
    );
    expect(app.engine.started).toBe(0);
  });

  it('explains another mode when it is asked about one', async () => {
    const app = createApp({ policy: { approval: { modes: ['full'] } } });
    const vmId = app.addVm('tls');
    const decision = async (mode: string) =>
      (await app.call(`/api/policy/explain?vm=${vmId}&mode=${mode}`)).body;
    expect(await decision('online')).toMatchObject({ decision: 'allowed' });
    expect(await decision('full')).toMatchObject({ decision: 'allowed-after-approval' });
  });

  it.each([
    ['', 400],
    ['?vm=tls', 400],
    [`?vm=${vmIdOf('tls')}&mode=burn`, 400],
    [`?vm=${vmIdOf('tls')}`, 404],
  ])('%s: %i', async (query, status) => {
    expect((await createApp().call(`/api/policy/explain${query}`)).status).toBe(status);
  });
});

describe('GET /api/health', () => {
  it('says whether requests are accepted, and nothing else', async () => {
    expect((await createApp().call('/api/health')).body).toEqual({
      status: 'ok',
      version: '1.2.3',
      accepting: true,
    });
    expect((await createApp({ policy: { killSwitch: true } }).call('/api/health')).body).toMatchObject({
      accepting: false,
    });
  });
});

describe('GET /api/openapi.json', () => {
  it('describes the very fields that are checked', async () => {
    const { body } = await createApp().call('/api/openapi.json');
    expect(body).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      paths: {
        '/api/remediations': {
          post: {
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    additionalProperties: false,
                    required: ['vmId'],
                    properties: {
                      vmId: { type: 'string' },
                      mode: { enum: ['diagnose', 'online', 'rehearse', 'full'] },
                    },
                  },
                },
              },
            },
          },
        },
      },
    });
  });

  it('describes every address there is, with its methods', async () => {
    const { body } = await createApp().call('/api/openapi.json');
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(body);
    expect(Object.keys(paths).sort()).toEqual([
      '/',
      '/api/alerts',
      '/api/health',
      '/api/policy/explain',
      '/api/remediations',
      '/api/remediations/{id}',
      '/api/remediations/{id}/approval',
      '/api/remediations/{id}/cancel',
      '/api/remediations/{id}/report',
      '/api/remediations/{id}/rollback',
      '/api/tickets/{connector}',
    ]);
  });
});

describe('Entra ID in front', () => {
  const handler = guarded(endpoint({ GET: () => Promise.resolve({ status: 200 }) }));
  const call = async (principal?: string) => {
    const headers = principal === undefined ? {} : { 'x-ms-client-principal': principal };
    const request = new HttpRequest({
      method: 'GET',
      url: 'https://medic.example/api/remediations',
      headers,
    });
    return (await handler(request, memoryEngine(), new InvocationContext())).status;
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

  it('lets a signed-in caller through', async () => {
    expect(await call(encode({ auth_typ: 'aad', claims: [{ typ: 'aud', val: 'x' }] }))).toBe(200);
  });
  it.each([undefined, '', 'x', encode({}), encode({ auth_typ: 'facebook', claims: [{}] }), encode(null)])(
    'answers 401 to %s',
    async (principal) => {
      expect(await call(principal)).toBe(401);
    },
  );
});
