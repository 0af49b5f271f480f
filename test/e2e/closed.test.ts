import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertFor } from '../../local/demo/alert.ts';
import { labSettings } from '../../local/stage.ts';
import { storageAccount } from '../support/storage.ts';
import { kill, startRemediation, type Host } from './support/host-process.ts';
import { hasEnded, storedRecord } from './support/stored-records.ts';
import { openOutlivingLab, type OutlivingLab } from './support/outliving-lab.ts';

const ACCOUNT = 100;
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 60 };
const NAME = 'patient';
const CLOSED = 'RDP_MEDIC_KILL_SWITCH: must be "on" or "off".';

let outliving: OutlivingLab;
beforeAll(async () => {
  outliving = await openOutlivingLab(time, [NAME]);
});
afterAll(() => outliving.close());

function startHost(extra: Record<string, string> = {}, without?: string): Promise<Host> {
  const { lab, folder } = outliving;
  const settings = labSettings(lab, { folder, storage: storageAccount(ACCOUNT), policy: {} });
  if (without !== undefined) Reflect.deleteProperty(settings, without);
  return outliving.startHost({ ...settings, ...extra }, 'durable.sqlite');
}

describe('A kill switch that is misspelt while a VM is held down', () => {
  let host: Host;
  let id: string;
  let original: string;

  beforeAll(async () => {
    const { lab, osDiskOf } = outliving;
    original = osDiskOf(NAME);
    const first = await startHost();
    id = await startRemediation(first, lab.vm(NAME).id);
    while (lab.vm(NAME).power !== 'deallocated') await sleep(20);
    await kill(first.process);
    host = await startHost({ RDP_MEDIC_KILL_SWITCH: 'ON' });
  });

  const knock = (method: string, path: string) =>
    fetch(host.url + path, {
      method,
      headers: { 'x-functions-key': host.key, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify({ vmId: outliving.lab.vm(NAME).id }) }),
    });

  it.each([
    ['POST', '/api/remediations'],
    ['POST', '/api/alerts'],
    ['POST', '/api/tickets/generic'],
    ['GET', '/api/remediations'],
    ['GET', '/api/counts'],
  ])('closes %s %s, which says what is allowed', async (method, path) => {
    const answer = await knock(method, path);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'DoorsClosed', detail: CLOSED });
  });

  it('tells strangers that the service is closed, and not why', async () => {
    const health = await fetch(`${host.url}/api/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'closed', accepting: false, reason: 'settings' });
    expect((await fetch(`${host.url}/api/remediations`)).status).toBe(401);
  });

  it('does not keep the VM down: what was done is taken back', async () => {
    const record = await storedRecord(ACCOUNT, id, hasEnded);
    expect(record.outcome).toMatchObject({ kind: 'cancelled' });
    expect(record.cleanup.leftovers).toEqual([]);
    expect(outliving.lab.vm(NAME).power).toBe('running');
    expect(outliving.osDiskOf(NAME)).toBe(original);
  });
});

describe('Every door is closed over HTTP with', () => {
  const written = (policy: object): Record<string, string> => {
    const path = join(outliving.folder, 'other-policy.json');
    writeFileSync(path, JSON.stringify(policy));
    return { RDP_MEDIC_POLICY: path };
  };

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['a policy file that is not there', () => ({ RDP_MEDIC_POLICY: '/nowhere/policy.json' }), /policy file/],
    ['a misspelt setting', () => ({ RDP_MEDIC_KILLSWITCH: 'on' }), /RDP_MEDIC_KILLSWITCH/],
    ['Entra ID without App Service authentication', () => ({ RDP_MEDIC_AUTH: 'entra' }), /RDP_MEDIC_AUTH/],
    [
      'a policy that lets everybody in',
      () => written({ defaults: { options: { adminAddresses: ['0.0.0.0/0'] } } }),
      /adminAddresses/,
    ],
    [
      'two approvers asked of keys, which are no persons',
      () => written({ approval: { modes: ['full'], approvers: 2 } }),
      /approvers/,
    ],
  ])('%s', async (_what, settings, detail) => {
    const { url, key, process } = await startHost(settings());
    const answer = await fetch(`${url}/api/remediations`, { headers: { 'x-functions-key': key } });
    await kill(process);
    expect(answer.status).toBe(503);
    const said: unknown = await answer.json();
    expect(said).toMatchObject({ code: 'DoorsClosed', detail: expect.stringMatching(detail) });
  });
});

describe('Without a policy, over HTTP', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost({}, 'RDP_MEDIC_POLICY');
  });
  afterAll(() => kill(host.process));

  const send = (path: string, body: unknown) =>
    fetch(host.url + path, {
      method: 'POST',
      headers: { 'x-functions-key': host.key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it.each(['online', 'rehearse', 'full'])('nobody has a VM repaired: mode %s', async (mode) => {
    const answer = await send('/api/remediations', { vmId: outliving.lab.vm(NAME).id, mode });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'PolicyRefused', rule: 'source-mode' });
  });

  it('an alert starts nothing', async () => {
    const before = outliving.lab.activity().length;
    const answer = await send('/api/alerts', alertFor([outliving.lab.vm(NAME).id]));
    expect(await answer.json()).toMatchObject({ results: [{ status: 'refused', code: 'PolicyRefused' }] });
    expect(outliving.lab.activity()).toHaveLength(before);
  });

  it('its health says that it is degraded', async () => {
    expect(await (await fetch(`${host.url}/api/health`)).json()).toMatchObject({ status: 'degraded' });
  });
});
