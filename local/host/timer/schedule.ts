import { Cron } from 'croner';
import { parseTimeSpan } from '../host-json.ts';

/** When a timer-triggered function is due. */
export interface Schedule {
  /** The first due time after `from`; both in milliseconds since the epoch. */
  next: (from: number) => number;
}

/**
 * Reads an NCRONTAB expression of six fields (the first one seconds), of five, or a time span; in UTC, as in Azure.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 * @throws Error for anything else
 */
export function parseSchedule(expression: string): Schedule {
  const every = parseTimeSpan(expression);
  if (every !== undefined && every > 0) return { next: (from) => from + every };
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6)
    throw new Error(`'${expression}' is not a timer expression.`);
  const cron = new Cron(fields.join(' '), { paused: true, timezone: 'UTC' });
  return {
    next(from) {
      const date = cron.nextRun(new Date(from));
      if (!date) throw new Error(`'${expression}' is never due again.`);
      return date.getTime();
    },
  };
}
