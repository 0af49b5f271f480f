import type { OrchestrationContext } from 'durable-functions';
import { MedicError, toProblem } from '../../shared/errors.ts';
import { NOTIFY, notificationSchema } from '../../shared/model/notify.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, persist, type Steps } from './durable.ts';
import { registerOrchestrator } from './versions.ts';

/**
 * Tells one channel of one event, however long its system is away: for a day, beside the remediation, which never waits for it. What
 * cannot be told in the end is put aside.
 */
export function* notify(context: OrchestrationContext): Steps<{ sent: boolean }> {
  const notification = notificationSchema.parse(context.df.getInput());
  try {
    yield* persist(
      context,
      function* () {
        yield* act(context, NOTIFY.sendNotification, notification);
      },
      {
        pause: () => TIMING.notifyPause,
        goesOn: (error, _tries, seconds) =>
          error instanceof MedicError &&
          error.code === 'NotificationNotDelivered' &&
          seconds < TIMING.notifyLimit,
      },
    );
    return { sent: true };
  } catch (error) {
    const { code, message } = toProblem(error);
    yield* act(context, NOTIFY.putNotificationAside, { notification, code, message });
    return { sent: false };
  }
}

/** Registers the orchestration under the name by which news start it. */
export function registerNotify(): void {
  registerOrchestrator('notify', notify);
}
