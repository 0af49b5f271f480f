import type { News } from '../../../shared/model/news.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import { cloudEvent, signatureHeaders } from '../../../shared/notify/cloud-event.ts';
import { messageOf, type Message } from '../../../shared/notify/message.ts';
import { slackBody } from '../../../shared/notify/slack.ts';
import { teamsBody } from '../../../shared/notify/teams.ts';
import { fullRecord } from '../report/records.ts';

const AT = '2026-03-01T12:30:00.000Z';

function messageFor(event: News['event'], changes: Partial<RemediationRecord> = {}): Message {
  const record = { ...fullRecord(), undo: [], ...changes };
  const news = { remediationId: record.id, event };
  return messageOf(record, { channel: 'webhook', news, at: AT }, 'https://medic.example');
}
const DOWN = [{ why: 'offline-repair' as const, from: '2026-03-01T12:03:45.000Z' }];

describe('A message', () => {
  it.each<[News['event'], Partial<RemediationRecord>, string, string, RegExp]>([
    ['started', {}, 'plain', 'Started: tls-agent-not-ready', /has started a repair/],
    [
      'approval',
      { question: { about: 'restart', plan: 'a'.repeat(64), expiresAt: '2026-03-02T12:00:00.000Z' } },
      'warn',
      'Approval needed: tls-agent-not-ready',
      /needs to be restarted.* at 2026-03-02 12:00:00 UTC/,
    ],
    [
      'down',
      { outages: DOWN, downSince: '2026-03-01T12:03:45.000Z' },
      'bad',
      'VM is DOWN: tls-agent-not-ready',
      /is down since 2026-03-01 12:03:45 UTC/,
    ],
    ['down', {}, 'warn', 'VM was down longer than planned: tls-agent-not-ready', /running again \(since/],
    ['done', {}, 'good', 'Repaired offline: tls-agent-not-ready', /works again/],
    [
      'failed',
      {
        outcome: { kind: 'failed', summary: 'x', causes: [] },
        undo: [{ kind: 'start-vm', description: '', done: false }],
      },
      'bad',
      'Failed, and the VM is DOWN: tls-agent-not-ready',
      /The VM is not running/,
    ],
  ])('of %s says what is the case', (event, changes, tone, title, text) => {
    const message = messageFor(event, changes);
    expect(message).toMatchObject({ tone, title });
    expect(message.text).toMatch(text);
  });

  it('holds no word of a guest or of whoever called, in any channel', () => {
    const theirs = 'call 555 <https://evil.example|now>';
    const record = fullRecord();
    const message = messageFor('failed', {
      outcome: { kind: 'failed', summary: theirs, causes: [] },
      errors: [{ code: 'GuestScriptFailed', message: theirs }],
      cancelled: { at: AT, leaveStopped: false, by: theirs },
      request: { ...record.request, source: { kind: 'ticket', name: theirs, id: theirs } },
    });
    for (const body of [teamsBody(message), slackBody(message), cloudEvent(message)])
      expect(JSON.stringify(body)).not.toMatch(/555|evil/);
  });
});

describe('What a VM’s name might hold', () => {
  const message = messageFor('done', {
    vm: { ...fullRecord().vm, name: '*x*_[y](https://evil.example)<!channel>' },
  });

  it('is no Markdown in a card', () => {
    const body = JSON.stringify(teamsBody(message));
    expect(body).not.toContain('[y](https://evil');
    expect(body).toContain(String.raw`\\[y\\](https://evil`);
  });

  it('is no mention and no link in Slack', () => {
    const texts = JSON.stringify(slackBody(message));
    expect(texts).not.toContain('"mrkdwn"');
    expect(JSON.stringify(slackBody(message)).split('"blocks"')[0]).toContain('&lt;!channel&gt;');
  });
});

it('A signature is that of the vector which Standard Webhooks publishes', () => {
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const body = '{"test": 2432232314}';
  expect(signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body, key)).toMatchObject({
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});
