import { createHash } from 'node:crypto';
import { isErrorCode } from '../../shared/error-codes.ts';
import { problem } from '../../shared/errors.ts';
import { countAside } from '../../shared/metrics.ts';
import { eventIdOf } from '../../shared/model/news.ts';
import { NOTIFY } from '../../shared/model/notify.ts';
import { sendNotification } from '../../shared/notify/send.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Where what could not be told is listed with the messages that were put aside. */
const NOTIFICATIONS = 'notifications';

/** Activities of the orchestration `notify`. */
export function registerNotifyActivities(deps: ActivityDependencies): void {
  const { records, intake, clock } = deps;
  implement(NOTIFY.sendNotification, async (notification) => {
    await sendNotification(notification, { records, intake, clock, ...deps.notifying });
    return {};
  });
  implement(NOTIFY.putNotificationAside, async ({ notification, code, message }) => {
    const text = JSON.stringify(notification);
    const reason = problem(isErrorCode(code) ? code : 'Internal', message);
    await intake.putAside({
      id: `${notification.channel}:${eventIdOf(notification.news)}`,
      at: new Date(clock.now()).toISOString(),
      queue: NOTIFICATIONS,
      problem: reason,
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: Buffer.byteLength(text),
    });
    countAside(NOTIFICATIONS, reason.code);
    return {};
  });
}
