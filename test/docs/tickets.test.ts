import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { loadConnectors } from '../../shared/intake/tickets/load-connectors.ts';
import { mapTicket } from '../../shared/intake/tickets/map-ticket.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { policySchema } from '../../shared/repair/policy/schema.ts';

const VM =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web';
const SYS_ID = '9d385017c611228701d22104cc95c371';
const PROPERTIES: Record<string, string> = {
  'rdp_medic.url': 'https://medic.example/api/tickets/servicenow',
  'rdp_medic.secret': 'the secret',
  'rdp_medic.key': '',
};

const connector = loadConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors')).get('servicenow');

/** Runs the business rule of the document on an incident, in what ServiceNow gives to one; what it sends. */
function sendAsServiceNow(incident: Record<string, string>, objectId = ''): { head: object; body: unknown } {
  const document = readFileSync(join(PACKAGE_ROOT, 'docs/how-to-connect-tickets.md'), 'utf8');
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(document) ?? [];
  const sent = { endpoint: '', method: '', headers: {} as Record<string, string>, body: '', executed: 0 };
  class RESTMessageV2 {
    setEndpoint = (endpoint: string): void => void (sent.endpoint = endpoint);
    setHttpMethod = (method: string): void => void (sent.method = method);
    setRequestHeader = (name: string, value: string): void => void (sent.headers[name] = value);
    setRequestBody = (body: string): void => void (sent.body = body);
    execute = (): void => {
      sent.executed++;
    };
  }
  runInNewContext(script, {
    sn_ws: { RESTMessageV2 },
    gs: { getProperty: (name: string) => PROPERTIES[name] },
    current: {
      getUniqueValue: () => SYS_ID,
      getValue: (name: string) => incident[name] ?? null,
      cmdb_ci: { object_id: objectId },
    },
  });
  const { body, ...head } = sent;
  return { head, body: JSON.parse(body) };
}

const read = (body: unknown): unknown => {
  if (!connector) throw new Error('no connector for ServiceNow');
  const settings = { RDP_MEDIC_SERVICENOW_HOST: 'contoso.service-now.com' };
  return mapTicket(connector, body, settings, policySchema.parse({}).defaults);
};

describe('The business rule of docs/how-to-connect-tickets.md', () => {
  it('sends what the connector authenticates by, to its address', () => {
    expect(connector?.authentication).toMatchObject({ header: 'x-rdp-medic-secret' });
    expect(sendAsServiceNow({ state: '1' }).head).toMatchObject({
      endpoint: 'https://medic.example/api/tickets/servicenow',
      method: 'post',
      headers: { 'x-rdp-medic-secret': 'the secret', 'content-type': 'application/json' },
      executed: 1,
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['its description', { description: `Nobody gets into ${VM}.` }, ''],
    ['its configuration item', { short_description: 'RDP is broken' }, VM],
  ])('requests a repair of the VM that an incident names in %s', async (_where, incident, objectId) => {
    const { body } = sendAsServiceNow({ number: 'INC0010023', state: '2', ...incident }, objectId);
    expect(await read(body)).toMatchObject({
      ok: true,
      value: {
        request: {
          vmId: VM.toLowerCase(),
          source: {
            id: 'INC0010023',
            replyTo: `https://contoso.service-now.com/api/now/table/incident/${SYS_ID}`,
          },
        },
      },
    });
  });

  it('requests nothing for an incident that is resolved', async () => {
    const { body } = sendAsServiceNow({ number: 'INC0010023', state: '6', description: VM });
    expect(await read(body)).toMatchObject({ ok: true, value: { reason: expect.any(String) as unknown } });
  });
});
