import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import * as z from 'zod';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { appWithStandIns } from '../support/stand-ins.ts';
import { storageAccount } from '../support/storage.ts';
import { RULE_IDS } from '../../shared/repair/policy/facts.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { incidentFor, issueFor, startTicketSystem, type TicketSystem } from './support/ticket-system.ts';
import { everythingWritten, type Written } from './support/written.ts';

const ACCOUNT = 17;
const GITHUB = 'api.github.com';
const SERVICENOW = 'contoso.service-now.com';
const ISSUE = '/repos/contoso/fleet-ops/issues/42/comments';
const INCIDENT = '9d385017c611228701d22104cc95c371';
/** Planted where a secret, or a stranger's text, goes in; looked for wherever anything is written. */
const SECRETS = {
  RDP_MEDIC_SECRET_GITHUB: 'planted-github-webhook-secret',
  RDP_MEDIC_GITHUB_TOKEN: 'planted-github-token',
  RDP_MEDIC_SECRET_SERVICENOW: 'planted-servicenow-webhook-secret',
  RDP_MEDIC_SERVICENOW_BASIC: 'planted-servicenow-basic',
};
const TICKET_TEXT = 'planted-password-in-a-ticket';
const SETTINGS = { ...SECRETS, RDP_MEDIC_SERVICENOW_HOST: SERVICENOW, WEBSITE_HOSTNAME: 'medic.example' };

const now = Date.now();
const clock = createVirtualClock(now);
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-tickets-'));
const logs: string[] = [];
let theatre: Theatre;
let github: TicketSystem;
let servicenow: TicketSystem;
let elsewhere: TicketSystem;

beforeAll(async () => {
  Object.assign(process.env, SETTINGS);
  [github, servicenow, elsewhere] = (await Promise.all(
    [GITHUB, SERVICENOW, 'elsewhere.example'].map(startTicketSystem),
  )) as [TicketSystem, TicketSystem, TicketSystem];
  const systems = { [GITHUB]: github, [SERVICENOW]: servicenow, 'elsewhere.example': elsewhere };
  theatre = await openTheatre(ACCOUNT, {
    entry: appWithStandIns(new Map(Object.entries(systems))),
    clock,
    folder,
    brief: false,
    fleet: ['peer', 'rdp-denied', 'linux'].map((name) => fleetVm(name, { now })),
    log: (line) => logs.push(line),
  });
});
afterAll(async () => {
  await theatre.close();
  await Promise.all([github, servicenow, elsewhere].map((system) => system.close()));
  for (const name of Object.keys(SETTINGS)) Reflect.deleteProperty(process.env, name);
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (name: string): string => theatre.stage.lab.vm(name).id;
const acceptedSchema = z.object({ status: z.string(), location: z.string() });

async function send(connector: string, payload: unknown, sign: (raw: string) => Record<string, string>) {
  const raw = JSON.stringify(payload);
  const { url, functionKey } = theatre.stage.host;
  const answer = await fetch(`${url}/api/tickets/${connector}?code=${encodeURIComponent(functionKey)}`, {
    method: 'POST',
    body: raw,
    headers: { 'content-type': 'application/json', ...sign(raw) },
  });
  expect(answer.status).toBe(202);
  return acceptedSchema.parse(await answer.json());
}
const sendIncident = () =>
  send('servicenow', incidentFor(idOf('rdp-denied'), INCIDENT, TICKET_TEXT), () => ({
    'x-rdp-medic-secret': SECRETS.RDP_MEDIC_SECRET_SERVICENOW,
  }));
const sendIssue = () =>
  send('github', issueFor(`${idOf('rdp-denied').toUpperCase()}/`, ISSUE, TICKET_TEXT), (raw) => {
    const hmac = createHmac('sha256', SECRETS.RDP_MEDIC_SECRET_GITHUB).update(raw).digest('hex');
    return { 'x-hub-signature-256': `sha256=${hmac}` };
  });

const told = (system: TicketSystem, words: string): number =>
  system.received.filter(({ body }) => body.includes(words)).length;
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(50);
}

describe('Two tickets for one VM', () => {
  let answers: z.infer<typeof acceptedSchema>[];
  const asideSchema = z.object({
    poison: z.array(
      z.object({ queue: z.string(), problem: z.object({ code: z.string(), message: z.string() }) }),
    ),
  });
  const listAside = async () =>
    asideSchema.parse(await (await theatre.stage.call('GET', '/api/remediations')).json()).poison;

  beforeAll(async () => {
    // The first comment of the end goes wrong once at one of them, and is sent elsewhere by the other.
    servicenow.answerOnce('has finished', 500);
    github.answerOnce('has finished', 302, 'https://elsewhere.example/comments');
    const release = clock.hold();
    answers = [await sendIncident(), await sendIssue()];
    // Time stands still until both know that it has begun.
    await until(
      () => told(servicenow, 'has started working on') > 0 && told(github, 'has started working on') > 0,
    );
    release();
    await theatre.stage.host.finished(instanceIdOf(idOf('rdp-denied').toLowerCase()));
    await until(() => told(servicenow, 'has finished') === 2);
    await until(async () => (await listAside()).length > 0);
  });

  it('are one repair, and RDP answers again', async () => {
    expect(answers.map(({ status }) => status)).toEqual(['started', 'joined']);
    expect(answers[0]?.location).toBe(answers[1]?.location);
    expect(await theatre.rdpOf('rdp-denied')).toMatchObject({ state: 'healthy' });
  });

  it('are both told that it began and how it ended, each in the way of its system', () => {
    const report = `https://medic.example${new URL(answers[0]?.location ?? '').pathname}/report`;
    expect(servicenow.received[0]).toMatchObject({
      method: 'PATCH',
      path: `/api/now/table/incident/${INCIDENT}`,
      authorization: `Basic ${SECRETS.RDP_MEDIC_SERVICENOW_BASIC}`,
      body: expect.stringContaining('"work_notes":"RDP Medic has started working on rdp-denied.'),
    });
    expect(github.received[0]).toMatchObject({
      method: 'POST',
      path: ISSUE,
      authorization: `Bearer ${SECRETS.RDP_MEDIC_GITHUB_TOKEN}`,
      body: expect.stringContaining('"body":"RDP Medic has started working on rdp-denied.'),
    });
    for (const { received } of [servicenow, github]) {
      expect(received.at(-1)?.body).toContain(`RDP Medic has finished with rdp-denied.`);
      expect(received.at(-1)?.body).toContain(report);
      expect(received.at(-1)?.body).not.toContain('/report/report');
    }
  });

  it('are told again after a 500, and nobody twice', () => {
    expect(told(servicenow, 'has started working on')).toBe(1);
    expect(told(servicenow, 'has finished')).toBe(2);
    expect(told(github, 'has started working on')).toBe(1);
  });

  it('are never told along a redirect: that comment is put aside with the reason', async () => {
    expect(elsewhere.received).toEqual([]);
    expect(told(github, 'has finished')).toBeGreaterThan(0);
    const refused = (await listAside()).map(({ queue, problem }) => `${queue}: ${problem.code}`);
    expect(refused).toContain('ticket-news: CommentRefused');
  });
});

describe('GET /api/policy/explain', () => {
  const verdictsSchema = z.object({
    decision: z.string(),
    verdicts: z.array(z.object({ rule: z.string(), verdict: z.string(), reason: z.string() })),
    vm: z.object({ osType: z.string(), powerState: z.string() }),
  });
  it('answers for a VM of the fleet, rule by rule', async () => {
    const answer = await theatre.stage.call(
      'GET',
      `/api/policy/explain?vm=${encodeURIComponent(`${idOf('peer').toUpperCase()}/`)}&mode=online`,
    );
    expect(answer.status).toBe(200);
    const { decision, verdicts, vm } = verdictsSchema.parse(await answer.json());
    expect(decision).toBe('allowed');
    expect(vm).toEqual({ osType: 'Windows', powerState: 'running' });
    expect(verdicts.map(({ rule }) => rule)).toEqual([...RULE_IDS]);
    expect(verdicts.every(({ verdict, reason }) => verdict === 'allows' && reason !== '')).toBe(true);
  });
});

describe('The page, asked for by a browser', () => {
  it('is at / for anybody, and tells how it ended only to who has exchanged the key', async () => {
    const { url, functionKey } = theatre.stage.host;
    expect(await (await fetch(url)).text()).not.toContain('rdp-denied');
    const list = (headers: Record<string, string> = {}) => fetch(`${url}/page/api/remediations`, { headers });
    expect((await list()).status).toBe(401);
    const key = { 'x-functions-key': functionKey, 'content-type': 'application/json' };
    const session = await fetch(`${url}/page/sign-in`, { method: 'POST', headers: key, body: '{}' });
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const seen = await (await list({ cookie })).text();
    expect(seen).toContain('rdp-denied');
    expect(seen).toContain('CommentRefused');
    const [, id = ''] = /"id":"(vm-[^"]+)"/.exec(seen) ?? [];
    const report = await fetch(`${url}/page/api/remediations/${id}/report`, { headers: { cookie } });
    expect(report.status).toBe(200);
    expect(report.headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe('Secrets', () => {
  let written: Written;
  beforeAll(async () => {
    const storage = storageAccount(ACCOUNT);
    const queue = new QueueClient(storage, 'remediation-requests');
    // Sent by mistake: a connection string as a message, and secrets in fields and headers that nobody knows.
    await queue.sendMessage(`${storage};planted-in-a-message`);
    const { stage } = theatre;
    const wrong = { vmId: idOf('peer'), password: 'planted-in-a-field' };
    expect((await stage.call('POST', '/api/remediations', wrong)).status).toBe(400);
    const unsigned = await fetch(`${stage.host.url}/api/tickets/github`, {
      method: 'POST',
      body: '{}',
      headers: {
        'content-type': 'application/json',
        'x-functions-key': stage.host.functionKey,
        'x-hub-signature-256': 'sha256=planted-in-a-header',
      },
    });
    expect(unsigned.status).toBe(401);
    await until(async () => (await queue.peekMessages()).peekedMessageItems.length === 0);
    await until(() => logs.join('\n').includes('BodyNotJson'));
    written = new Map([
      ...(await everythingWritten(storage, folder)),
      ['logs', logs.join('\n')],
      [
        'comments',
        [github, servicenow].flatMap(({ received }) => received.map(({ body }) => body)).join('\n'),
      ],
    ]);
  });

  it('there is much that was written: records, reports, evidence, marks, queues, history, logs', () => {
    const places = [...written.keys()].join('\n');
    for (const place of [
      'record.json',
      'report.html',
      '/evidence/',
      '_intake/',
      'queue ',
      'state ',
      'logs',
    ]) {
      expect(places).toContain(place);
    }
    expect(written.get('logs')).toContain('"event":"ticket"');
    const history = [...written].filter(([place]) => place.startsWith('state ')).map(([, text]) => text);
    expect(history.join('')).toContain('rdp-denied');
  });

  it.each<[string, () => string | RegExp]>([
    [
      'what was planted as a connector’s secret, in a ticket, a field, a message or a header',
      () => /planted-/,
    ],
    ['the function key', () => theatre.stage.host.functionKey],
    ['the storage account’s key', () => /AccountKey=([^;]+)/.exec(storageAccount(ACCOUNT))?.[1] ?? ''],
    ['the signature of a SAS', () => /[?&](sig|se|sp)=[^\s"&]+/],
    ['the managed identity’s header', () => theatre.stage.lab.identity.header],
    ['a bearer token', () => /\beyJ[\w-]{10,}\./],
  ])('%s stands nowhere in it', (_what, secret) => {
    const pattern = secret();
    expect(String(pattern).length).toBeGreaterThan(6);
    const found = [...written].filter(([, text]) =>
      typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text),
    );
    expect(found.map(([place]) => place)).toEqual([]);
  });

  it('evidence is named in the record by an address without a signature', () => {
    const record = [...written].find(([place]) => place.endsWith('record.json'))?.[1] ?? '';
    const addresses = record.match(/https?:\/\/[^"\s]*\/evidence\/[^"\s]*/g) ?? [];
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(new URL(address).search).toBe('');
  });
});
