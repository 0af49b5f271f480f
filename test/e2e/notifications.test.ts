import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { appWithStandIns } from '../support/stand-ins.ts';
import { storageAccount } from '../support/storage.ts';
import { say, waitedLong } from './support/approval.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { startTicketSystem, type TicketSystem } from './support/ticket-system.ts';
import { everythingWritten } from './support/written.ts';

const ACCOUNT = 180;
const TEAMS = 'prod-07.westeurope.logic.azure.com';
const SLACK = 'hooks.slack.com';
const WEBHOOK = 'events.contoso.example';
/** What stands in addresses and key is planted: it is looked for wherever anything is written. */
const KEY = Buffer.from('planted-key-of-the-webhook-receiver');
const SETTINGS = {
  RDP_MEDIC_NOTIFY_TEAMS: `https://${TEAMS}:443/workflows/1/triggers/manual/paths/invoke?sig=planted-teams`,
  RDP_MEDIC_NOTIFY_SLACK: `https://${SLACK}/services/T0/B0/planted-slack`,
  RDP_MEDIC_NOTIFY_WEBHOOK: `https://${WEBHOOK}/hooks/planted-webhook`,
  RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: '*.contoso.example',
  RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: `whsec_${KEY.toString('base64')}`,
} as const;

const eventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.url(),
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  data: z.object({ vm: z.object({ name: z.string() }), downSince: z.string().optional(), report: z.url() }),
});
const asideSchema = z.object({
  poison: z.array(z.object({ queue: z.string(), problem: z.object({ code: z.string() }) })),
});

const now = Date.now();
const clock = createVirtualClock(now);
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-notify-'));
const logs: string[] = [];
let theatre: Theatre;
let teams: TicketSystem;
let slack: TicketSystem;
let webhook: TicketSystem;
let record: RemediationRecord;

const events = () => webhook.received.map(({ body }) => eventSchema.parse(JSON.parse(body)));
const count = ({ received }: TicketSystem, words: string): number =>
  received.filter(({ body }) => body.includes(words)).length;
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await setTimeout(50);
}

beforeAll(async () => {
  process.env['WEBSITE_HOSTNAME'] = 'medic.example';
  [teams, slack, webhook] = (await Promise.all([TEAMS, SLACK, WEBHOOK].map(startTicketSystem))) as [
    TicketSystem,
    TicketSystem,
    TicketSystem,
  ];
  // One system is away for a moment; in another the channel is gone for good.
  teams.answerOnce('Started: ', 503);
  slack.answerOnce('Started: ', 410);
  const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
  const systems = { [TEAMS]: teams, [SLACK]: slack, [WEBHOOK]: webhook };
  theatre = await openTheatre(ACCOUNT, {
    entry: appWithStandIns(new Map(Object.entries(systems))),
    clock,
    folder,
    brief: false,
    fleet: [{ ...rest, spec: { ...spec, name: 'web-1' } }],
    policy: { approval: { modes: ['full'] } },
    settings: SETTINGS,
    log: (line) => logs.push(line),
  });
  theatre.stage.lab.faults.add(...parseFaults('1+3 *start/action@web-1=409(SkuNotAvailable)'));
  const ended = theatre.remediate('web-1');
  await waitedLong(theatre, 'web-1');
  // Time stands still until somebody knows that they are asked.
  const release = clock.hold();
  await until(() => events().length >= 2);
  await say(theatre, 'web-1', 'approval', { approved: true });
  release();
  // And from the first start, which comes to nothing, until somebody knows that the VM is down.
  const started = MOMENTS['while Windows boots from the repaired disk'];
  await atMoment(theatre, 'web-1', started, () => until(() => events().length >= 3));
  record = await ended;
  await until(() => events().length >= 4 && count(teams, 'Repaired offline: ') > 0);
  await until(() => count(slack, 'Repaired offline: ') > 0);
});
afterAll(async () => {
  await theatre.close();
  await Promise.all([teams, slack, webhook].map((system) => system.close()));
  for (const name of [...Object.keys(SETTINGS), 'WEBSITE_HOSTNAME'])
    Reflect.deleteProperty(process.env, name);
  rmSync(folder, { recursive: true, force: true });
});

describe('Whoever is notified of a repair', () => {
  it('learns once each that it began, waits for approval, left the VM down, and how it ended', () => {
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(events().map(({ id, type }) => [id, type.split('.').at(-1)])).toEqual([
      [`${record.id}:started`, 'started'],
      [`${record.id}:approval:offline`, 'approval-requested'],
      [`${record.id}:down`, 'vm-down'],
      [`${record.id}:done`, 'succeeded'],
    ]);
    expect(events()[0]).toMatchObject({
      source: `https://medic.example/api/remediations/${record.id}`,
      subject: record.vm.id,
      data: { vm: { name: 'web-1' }, report: `https://medic.example/api/remediations/${record.id}/report` },
    });
  });

  it('learns at the first failed start that the VM is down, and not when it is up again', () => {
    const [outage] = record.outages ?? [];
    const down = events()[2];
    expect(down?.data.downSince).toBe(outage?.from);
    expect(Date.parse(down?.time ?? '')).toBeLessThan(Date.parse(outage?.runningAt ?? ''));
    expect(record.warnings.join('\n')).toMatch(/web-1 was down unintentionally from .* to /);
    expect(record.downSince).toBeUndefined();
  });

  it('gets a card in Teams, also after it was away for a moment, and none twice', () => {
    expect(count(teams, 'Started: ')).toBe(2);
    for (const title of ['Approval needed: ', 'VM is DOWN: ', 'Repaired offline: '])
      expect(count(teams, title)).toBe(1);
    const last = teams.received.find(({ body }) => body.includes('Repaired offline: '));
    expect(JSON.parse(last?.body ?? '')).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', version: '1.4', actions: [{ type: 'Action.OpenUrl' }] },
        },
      ],
    });
  });

  it('is not tried again where the channel refuses; the other events are sent all the same', async () => {
    expect(count(slack, 'Started: ')).toBe(1);
    expect(count(slack, 'Repaired offline: ')).toBe(1);
    const list = await (await theatre.stage.call('GET', '/api/remediations')).json();
    expect(asideSchema.parse(list).poison.map(({ queue, problem }) => `${queue}: ${problem.code}`)).toEqual([
      'notifications: NotificationRefused',
    ]);
  });

  it('can tell by the signature of a webhook that it is ours', () => {
    for (const { headers, body } of webhook.received) {
      expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
      const [id, at] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
      const hmac = createHmac('sha256', KEY).update(`${id}.${at}.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
    }
  });

  it('leaves no trace of addresses and key in record, queue, history or log', async () => {
    const written = await everythingWritten(storageAccount(ACCOUNT), folder);
    const all = [...written, ['logs', logs.join('\n')] as const];
    expect(all.filter(([place]) => place.startsWith('state ')).join('')).toContain('sendNotification');
    const found = all.filter(
      ([, text]) => text.includes('planted-') || text.includes(KEY.toString('base64')),
    );
    expect(found.map(([place]) => place)).toEqual([]);
  });
});
