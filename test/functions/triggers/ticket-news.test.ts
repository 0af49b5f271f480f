import { hashOf } from '../../../functions/triggers/queue.ts';
import { withTicketNews } from '../../../shared/intake/tickets/news.ts';
import type { News } from '../../../shared/model/news.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';
import { createApp, vmIdOf, type App } from './app.ts';

const ID = `vm-${'0'.repeat(32)}-20260301120000000-abcd`;
const SETTINGS = {
  RDP_MEDIC_GITHUB_TOKEN: 'hunter2',
  RDP_MEDIC_ZENDESK_BASIC: 'hunter3',
  WEBSITE_HOSTNAME: 'medic.example',
};
const GITHUB = {
  kind: 'ticket' as const,
  name: 'github',
  id: 'contoso/fleet-ops#42',
  replyTo: 'https://api.github.com/repos/contoso/fleet-ops/issues/42/comments',
};
const ZENDESK = {
  kind: 'ticket' as const,
  name: 'zendesk',
  id: '5158',
  replyTo: 'https://contoso.zendesk.com/api/v2/tickets/5158.json',
};

function recordOf(changes: Partial<RemediationRecord> = {}): RemediationRecord {
  return remediationRecordSchema.parse({
    schema: 1,
    id: ID,
    attempt: 1,
    vm: { id: vmIdOf('tls'), name: 'tls', resourceGroup: 'rg-fleet', subscriptionId: 'x' },
    request: { vmId: vmIdOf('tls'), source: GITHUB },
    startedAt: '2026-03-01T12:00:00Z',
    phase: 'online',
    owner: { hub: 'TestHub', instance: 'vm-1', epoch: 1, nextSignBy: '2026-03-01T15:00:00Z' },
    refusals: [],
    steps: [],
    undo: [],
    cleanup: { removed: [], kept: [], leftovers: [] },
    errors: [],
    warnings: [],
    advice: [],
    ...changes,
  });
}
const ended = (kind: 'repaired-online' | 'not-fixed') =>
  recordOf({
    phase: 'ended',
    endedAt: '2026-03-01T12:10:00Z',
    outcome: { kind, summary: `It is ${kind}.`, causes: [] },
  });

/** An app whose records pass their news on into a list, as the composition does it into a queue. */
function createTold() {
  const app = createApp({ settings: SETTINGS });
  const news: News[] = [];
  const queue = { send: (one: News) => Promise.resolve(void news.push(one)) };
  return { app, news, records: withTicketNews(app.records, queue, app.intake) };
}
const hosts = (app: App): string[] => app.comments.map(({ url }) => url.hostname);

const question = {
  about: 'offline' as const,
  plan: 'a'.repeat(64),
  expiresAt: '2026-03-02T12:00:00.000Z',
};

describe('A remediation’s news', () => {
  it('say once that a VM is down against our will', async () => {
    const { news, records } = createTold();
    const down = recordOf({ phase: 'undo', downSince: '2026-03-01T12:05:00Z' });
    await records.write(down);
    await records.write(down);
    expect(news).toEqual([{ remediationId: ID, event: 'down' }]);
  });

  it('are passed on once each, as the record comes to say them', async () => {
    const { news, records } = createTold();
    for (const phase of ['preflight', 'online', 'approval', 'approval', 'offline'] as const) {
      await records.write(recordOf({ phase, ...(phase === 'approval' && { question }) }));
    }
    await records.write(ended('repaired-online'), '<p>report</p>');
    await records.write(ended('repaired-online'), '<p>report</p>');
    expect(news).toEqual([
      { remediationId: ID, event: 'started' },
      { remediationId: ID, event: 'approval', about: 'offline' },
      { remediationId: ID, event: 'done' },
    ]);
    expect(await records.readReport(ID)).toBe('<p>report</p>');
  });

  it('tell of each question of its own, and of none that was answered', async () => {
    const { news, records } = createTold();
    const phase = 'approval' as const;
    await records.write(recordOf({ phase, question: { ...question, about: 'restart' } }));
    await records.write(recordOf({ phase }));
    await records.write(recordOf({ phase, question }));
    expect(news.filter(({ event }) => event === 'approval').map(({ about }) => about)).toEqual([
      'restart',
      'offline',
    ]);
  });

  it('are "failed" where the VM was not repaired', async () => {
    const { news, records } = createTold();
    await records.write(ended('not-fixed'));
    expect(news).toMatchObject([{ event: 'failed' }]);
  });

  it('are passed on by the next write where that failed, and the repair does not notice', async () => {
    const { app, news, records } = createTold();
    const away = withTicketNews(app.records, { send: () => Promise.reject(new Error('away')) }, app.intake);
    await away.write(recordOf());
    expect(await app.records.read(ID)).toEqual(recordOf());
    await records.write(recordOf());
    expect(news).toHaveLength(1);
  });
});

describe('The tickets of a remediation', () => {
  it('are told, also those that joined, with the address of the report', async () => {
    const { app, records } = createTold();
    await records.write(ended('repaired-online'));
    await app.intake.follow(ID, ZENDESK);
    await app.intake.follow(ID, ZENDESK);
    await app.takeNews({ remediationId: ID, event: 'done' });
    expect(hosts(app)).toEqual(['api.github.com', 'contoso.zendesk.com']);
    expect(app.comments[0]?.body).toContain(`https://medic.example/api/remediations/${ID}/report`);
    expect(app.comments[0]?.body).toContain('It was repaired while the VM was running');
  });

  it('are told once, however often the message comes', async () => {
    const { app, records } = createTold();
    await records.write(recordOf());
    for (let time = 0; time < 3; time++) await app.takeNews({ remediationId: ID, event: 'started' });
    expect(app.comments).toHaveLength(1);
  });

  it('that join when it has begun, or is even over, are told all that they missed, in order', async () => {
    const { app, records } = createTold();
    await records.write(recordOf());
    await app.takeNews({ remediationId: ID, event: 'started' });
    await app.intake.follow(ID, ZENDESK);
    await records.write(ended('repaired-online'));
    await app.takeNews({ remediationId: ID, event: 'started' });
    const said = app.comments.map(({ url, body }) => [url.hostname, /started|finished/.exec(body)?.[0]]);
    expect(said).toEqual([
      ['api.github.com', 'started'],
      ['api.github.com', 'finished'],
      ['contoso.zendesk.com', 'started'],
      ['contoso.zendesk.com', 'finished'],
    ]);
    await app.takeNews({ remediationId: ID, event: 'done' });
    expect(app.comments).toHaveLength(4);
  });

  it('are not told that it began, nor asked to approve, once they know how it ended', async () => {
    const { app, records } = createTold();
    await records.write(ended('repaired-online'));
    await app.takeNews({ remediationId: ID, event: 'done' });
    await app.takeNews({ remediationId: ID, event: 'started' });
    await app.takeNews({ remediationId: ID, event: 'approval' });
    expect(app.comments).toHaveLength(1);
  });

  it('are tried again by the host where the ticket system is away, and nobody twice', async () => {
    const { app, records } = createTold();
    await records.write(recordOf());
    await app.intake.follow(ID, ZENDESK);
    app.answerComments(503);
    await expect(app.takeNews({ remediationId: ID, event: 'started' })).rejects.toThrow('503');
    const message = hashOf({ remediationId: ID, event: 'started' });
    expect(await app.intake.readFailure(message)).toMatchObject({ code: 'CommentNotDelivered' });
    app.answerComments(201);
    await app.takeNews({ remediationId: ID, event: 'started' });
    await app.takeNews({ remediationId: ID, event: 'started' });
    expect(app.comments).toHaveLength(4);
  });

  it('that refuse are put aside with the reason, without holding up the others', async () => {
    const { app, records } = createTold();
    await records.write(
      recordOf({
        request: { ...recordOf().request, source: { ...GITHUB, replyTo: 'https://attacker.example/x' } },
      }),
    );
    await app.intake.follow(ID, ZENDESK);
    await app.takeNews({ remediationId: ID, event: 'started' });
    expect(hosts(app)).toEqual(['contoso.zendesk.com']);
    expect(await app.intake.listAside()).toMatchObject([
      {
        queue: 'ticket-news',
        problem: { code: 'CommentRefused', message: expect.stringContaining('list of allowed hosts') },
      },
    ]);
  });

  it('do not exist for an alert', async () => {
    const { app, records } = createTold();
    await records.write(recordOf({ request: { ...recordOf().request, source: { kind: 'alert', id: 'a' } } }));
    await app.takeNews({ remediationId: ID, event: 'started' });
    expect(app.comments).toEqual([]);
  });

  it('are told without any secret being written down', async () => {
    const { app, records } = createTold();
    await records.write(recordOf());
    app.answerComments(401);
    await app.takeNews({ remediationId: ID, event: 'started' });
    expect(app.comments[0]?.headers).toMatchObject({ authorization: 'Bearer hunter2' });
    expect(app.logs.join() + app.intake.everything() + JSON.stringify([...app.records.records])).not.toMatch(
      /hunter/,
    );
  });
});
