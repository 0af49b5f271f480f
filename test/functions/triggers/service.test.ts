import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiSections } from '../../../scripts/generated/api.ts';
import { ERRORS } from '../../../shared/error-codes.ts';
import * as z from 'zod';
import { NO_FILE } from '../../../shared/repair/policy/load.ts';
import { createApp, vmIdOf } from './app.ts';

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
          reason: 'the VM does not have the tag rdp-medic: enabled',
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
    ['?vm=tls', 400],
    ['?source=everybody', 400],
    [`?vm=${vmIdOf('tls')}&mode=burn`, 400],
    [`?vm=${vmIdOf('tls')}`, 404],
  ])('%s: %i', async (query, status) => {
    expect((await createApp().call(`/api/policy/explain${query}`)).status).toBe(status);
  });
});

describe('GET /api/policy/explain of a source', () => {
  const policy = {
    sources: {
      alert: { modes: ['diagnose' as const, 'online' as const] },
      connectors: { jira: { modes: ['rehearse' as const], approval: ['restart' as const] } },
    },
  };
  it.each<[string, object, string]>([
    ['alert', { modes: ['diagnose', 'online'], restoreWays: ['swap'], options: [], addresses: [] }, 'online'],
    ['ticket:jira', { modes: ['rehearse'], approval: ['restart'] }, 'rehearse'],
    ['ticket:github', { modes: ['diagnose', 'online', 'rehearse', 'full'] }, 'full'],
  ])(
    '%s: the most that it may ask for, and how far it goes where it does not say',
    async (source, cap, mode) => {
      const { body } = await createApp({ policy }).call(`/api/policy/explain?source=${source}`);
      expect(body).toMatchObject({ source, policy: 'test', cap, defaults: { mode } });
    },
  );

  it('names the rule for a VM', async () => {
    const app = createApp({ policy: { sources: { alert: { modes: [] } } } });
    const vmId = app.addVm('tls');
    const { body } = await app.call(`/api/policy/explain?vm=${vmId}&source=alert`);
    expect(body).toMatchObject({ decision: 'refused', decidedBy: 'source-mode', source: 'alert' });
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
  it('says that nobody has said what is allowed', async () => {
    const { status, body } = await createApp({ policyVersion: NO_FILE }).call('/api/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'degraded', reason: 'no-policy' });
  });
  it('says that the doors are closed, and not why', async () => {
    const { status, body, text } = await createApp({ closed: 'RDP_MEDIC_X is no setting.' }).call(
      '/api/health',
    );
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'closed', reason: 'settings' });
    expect(text).not.toContain('RDP_MEDIC_X');
  });
});

describe('GET /docs/errors', () => {
  it('is a page with a section for each code, to which the type of its problem details leads', async () => {
    const app = createApp();
    const { status, text, headers } = await app.call('/docs/errors');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const { body } = await app.call('/api/remediations/nothing-there');
    const { type } = z.object({ type: z.string() }).parse(body);
    const address = new URL(type, 'https://medic.example');
    expect(address.pathname).toBe('/docs/errors');
    expect(text).toContain(`<section id="${address.hash.slice(1)}">`);
    for (const code of Object.keys(ERRORS)) expect(text).toContain(`id="${code.toLowerCase()}"`);
  });
});

describe('GET /api/openapi.json', () => {
  it('says what docs/reference-api.md says', () => {
    // Tables are drawn with as many spaces and dashes as they need.
    const words = (text: string): string => text.replaceAll(/[\s|-]+/g, ' ');
    const page = readFileSync(join(import.meta.dirname, '../../../docs/reference-api.md'), 'utf8');
    expect(words(page)).toContain(words(apiSections()));
  });

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
    // What the page asks stands beside each address under /page, and is the same.
    expect(Object.keys(paths).sort()).toEqual([
      '/',
      '/api/alerts',
      '/api/counts',
      '/api/health',
      '/api/policy/explain',
      '/api/queue',
      '/api/queue/{message}/requeue',
      '/api/remediations',
      '/api/remediations/{id}',
      '/api/remediations/{id}/approval',
      '/api/remediations/{id}/cancel',
      '/api/remediations/{id}/evidence/{name}',
      '/api/remediations/{id}/report',
      '/api/remediations/{id}/rollback',
      '/api/tickets/{connector}',
      '/docs/errors',
      '/page/assets/{file}',
      '/page/me',
      '/page/sign-in',
      '/page/sign-out',
    ]);
  });
});
