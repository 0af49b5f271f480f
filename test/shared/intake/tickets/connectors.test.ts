import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { connectorJsonSchema, loadConnectors } from '../../../../shared/intake/tickets/load-connectors.ts';
import { mapTicket } from '../../../../shared/intake/tickets/map-ticket.ts';
import { policySchema } from '../../../../shared/repair/policy/schema.ts';
import { fixtures, payloadOf } from '../fixtures.ts';

const INTAKE = join(import.meta.dirname, '../../../../shared/intake');
const connectors = loadConnectors(join(INTAKE, 'connectors'));
const SETTINGS = {
  RDP_MEDIC_SERVICENOW_HOST: 'contoso.service-now.com',
  RDP_MEDIC_ZENDESK_HOST: 'contoso.zendesk.com',
};

function connectorNamed(name: string) {
  const connector = connectors.get(name);
  if (!connector) throw new Error(`no connector ${name}`);
  return connector;
}
const map = (connector: string, payload: unknown, settings: Record<string, string> = SETTINGS) =>
  mapTicket(connectorNamed(connector), payload, settings, policySchema.parse({}).defaults);

describe('Every published webhook of a ticket system becomes what it should', () => {
  it.each(fixtures('tickets').map((fixture) => [fixture.name, fixture] as const))(
    '%s',
    async (_name, fixture) => {
      const { request, reason, problem } = fixture.becomes;
      const read = await map(fixture.connector ?? '', fixture.payload);
      if (problem !== undefined) expect(read).toMatchObject({ ok: false, problem: { code: problem } });
      else if (reason !== undefined) expect(read).toEqual({ ok: true, value: { reason } });
      else {
        // Whole equality of what the fixture names: an address to answer to must not appear from nowhere.
        expect(read).toEqual({
          ok: true,
          value: { request: { ...Object(request), options: policySchema.parse({}).defaults.options } },
        });
      }
    },
  );

  it('covers every connector that ships', () => {
    expect(new Set(fixtures('tickets').map(({ connector }) => connector))).toEqual(
      new Set(connectors.keys()),
    );
  });
});

describe('An event that our own account caused', () => {
  const whole = z.record(z.string(), z.unknown());
  it.each<[string, string, string, (payload: Record<string, unknown>) => unknown]>([
    ['jira', 'jira-created', '557058:Medic', (p) => ({ ...p, user: { accountId: '557058:medic' } })],
    [
      'servicenow',
      'servicenow-new',
      'rdp.medic',
      ({ result, ...p }) => ({ ...p, result: { ...Object(result), sys_updated_by: 'rdp.medic' } }),
    ],
    ['zendesk', 'zendesk-created', '8447388090494', (p) => p],
    ['github', 'github-labeled', 'Medic-bot', (p) => ({ ...p, sender: { login: 'medic-bot' } })],
  ])('%s: starts nothing', async (connector, fixture, account, by) => {
    const payload = by(whole.parse(payloadOf('tickets', fixture)));
    const own = { ...SETTINGS, [`RDP_MEDIC_${connector.toUpperCase()}_ACCOUNT`]: account };
    expect(await map(connector, payload, own)).toEqual({
      ok: true,
      value: { reason: expect.stringContaining('account that writes the comments of this service') },
    });
    const other = { ...SETTINGS, [`RDP_MEDIC_${connector.toUpperCase()}_ACCOUNT`]: 'somebody else' };
    expect(await map(connector, payload, other)).toMatchObject({ ok: true, value: { request: {} } });
  });
});

describe('A ticket with a title and no text, which the systems send as null', () => {
  const VM =
    '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web';
  const title = `RDP fails: ${VM}`;
  const whole = z.record(z.string(), z.unknown());
  it.each<[string, string, (payload: Record<string, unknown>) => unknown]>([
    ['github', 'github-labeled', (p) => ({ ...p, issue: { ...Object(p['issue']), title, body: null } })],
    [
      'jira',
      'jira-created',
      (p) => {
        const issue = z.looseObject({ fields: whole }).parse(p['issue']);
        return { ...p, issue: { ...issue, fields: { ...issue.fields, summary: title, description: null } } };
      },
    ],
    [
      'servicenow',
      'servicenow-new',
      (p) => ({ result: { ...Object(p['result']), short_description: title, description: null } }),
    ],
    [
      'zendesk',
      'zendesk-created',
      (p) => ({ ...p, detail: { ...Object(p['detail']), subject: title, description: null } }),
    ],
  ])('%s: names its VM all the same', async (connector, fixture, without) => {
    const payload = without(whole.parse(payloadOf('tickets', fixture)));
    expect(await map(connector, payload)).toMatchObject({
      ok: true,
      value: { request: { vmId: VM.toLowerCase() } },
    });
  });
});

describe('The connectors', () => {
  it('are the five that are promised, each under its own name', () => {
    expect([...connectors].map(([file, { name }]) => [file, name])).toEqual(
      ['generic', 'github', 'jira', 'servicenow', 'zendesk'].map((name) => [name, name]),
    );
  });

  it('have a schema for editors that says what is checked', () => {
    const onDisk: unknown = JSON.parse(readFileSync(join(INTAKE, 'connector.schema.json'), 'utf8'));
    expect(onDisk).toEqual(connectorJsonSchema());
  });

  it.each(['github', 'jira', 'servicenow', 'zendesk'])(
    'of %s can tell the ticket every kind of progress',
    (name) => {
      const { comments } = connectorNamed(name);
      for (const template of Object.values(comments?.templates ?? {})) {
        expect(template).toMatch(/\{\{(vm|address)\}\}/);
        expect(template).not.toMatch(/\{\{(?!vm|id|address|summary)/);
      }
    },
  );
});

describe('A ticket', () => {
  it('whose address is not on the list of hosts starts nothing', async () => {
    const payload = JSON.parse(
      JSON.stringify(payloadOf('tickets', 'github-labeled')).replaceAll('api.github.com', 'attacker.example'),
    );
    expect(await map('github', payload)).toMatchObject({ ok: false, problem: { code: 'RequestInvalid' } });
  });

  it('may tell who asks, but only from the settings its connector names', async () => {
    const spy = { ...connectorNamed('generic'), mapping: "{ 'vmId': [], 'ticket': $string($settings) }" };
    const read = await mapTicket(
      spy,
      {},
      { RDP_MEDIC_SECRET_GENERIC: 'hunter2' },
      policySchema.parse({}).defaults,
    );
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it('gets no address to answer to where the host is not set', async () => {
    const read = await map('zendesk', payloadOf('tickets', 'zendesk-created'), {});
    expect(read).toMatchObject({ ok: true, value: { request: { source: { id: '5158' } } } });
    expect(JSON.stringify(read)).not.toContain('replyTo');
  });
});
