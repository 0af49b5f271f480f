import type { Clock } from '../clock.ts';
import { MedicError } from '../errors.ts';
import { newsOf } from '../intake/tickets/news.ts';
import { callGuarded, type Outside } from '../intake/tickets/guarded-call.ts';
import type { IntakeStore, RecordStore } from '../intake/ports.ts';
import { countNotification } from '../metrics.ts';
import { eventIdOf, type News } from '../model/news.ts';
import type { ChannelName, Notification } from '../model/notify.ts';
import type { RemediationRecord } from '../model/record.ts';
import type { Channel } from './channels.ts';
import { cloudEvent, signatureHeaders } from './cloud-event.ts';
import { messageOf, type Message } from './message.ts';
import { slackBody } from './slack.ts';
import { teamsBody } from './teams.ts';

/** What notifying needs from outside. */
export interface NotifyDependencies {
  readonly records: Pick<RecordStore, 'read'>;
  readonly intake: Pick<IntakeStore, 'claim' | 'isClaimed'>;
  readonly channels: readonly Channel[];
  readonly outside: Outside;
  readonly clock: Pick<Clock, 'now'>;
  /** Where the service is reached, without a slash at the end. */
  readonly baseAddress: string;
}

const NAMES: Readonly<Record<ChannelName, string>> = {
  teams: 'Teams',
  slack: 'Slack',
  webhook: 'the webhook',
};

/**
 * Tells a channel of an event. Safe to run again: who was told is not told twice. Nothing is sent to a channel that is no longer set
 * up, and of what is over: an approval that nobody waits for, a beginning after the end was told.
 * @throws MedicError `NotificationRefused`, `NotificationNotDelivered`.
 */
export async function sendNotification(notification: Notification, deps: NotifyDependencies): Promise<void> {
  const { channel: name, news } = notification;
  const channel = deps.channels.find((one) => one.name === name);
  const record = await deps.records.read(news.remediationId);
  if (!channel || !record || (await isPast(name, news, record, deps))) return;
  const key = keyOf(name, news);
  if (await deps.intake.isClaimed('notified', key)) return;
  const { headers, body } = contentFor(
    channel,
    messageOf(record, notification, deps.baseAddress),
    deps.clock,
  );
  const { address, allowedHosts } = channel;
  const delivered = await callGuarded(
    { address, allowedHosts, method: 'POST', headers, body },
    NAMES[name],
    deps.outside,
  );
  if (delivered.kind === 'sent') {
    await deps.intake.claim('notified', key);
    countNotification(name, news.event);
    return;
  }
  const code = delivered.kind === 'refused' ? 'NotificationRefused' : 'NotificationNotDelivered';
  countNotification(name, news.event, code);
  throw new MedicError(code, delivered.why, {
    ...('retryAfterSeconds' in delivered && { retryAfterSeconds: delivered.retryAfterSeconds }),
  });
}

function keyOf(channel: ChannelName, news: News): string {
  return `${channel}:${eventIdOf(news)}`;
}

async function isPast(
  channel: ChannelName,
  news: News,
  record: RemediationRecord,
  { intake }: NotifyDependencies,
): Promise<boolean> {
  if (news.event === 'approval') return record.question?.about !== news.about;
  if (news.event !== 'started' || record.endedAt === undefined) return false;
  return intake.isClaimed('notified', keyOf(channel, newsOf(record)));
}

function contentFor(
  { name, secret }: Channel,
  message: Message,
  clock: Pick<Clock, 'now'>,
): { headers: Record<string, string>; body: string } {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  switch (name) {
    case 'teams':
      return { headers: json, body: JSON.stringify(teamsBody(message)) };
    case 'slack':
      return { headers: json, body: JSON.stringify(slackBody(message)) };
    case 'webhook': {
      const body = JSON.stringify(cloudEvent(message));
      const sentAt = Math.floor(clock.now() / 1000);
      return { headers: signatureHeaders(message.id, sentAt, body, secret ?? Buffer.alloc(0)), body };
    }
  }
}
