/** Days of the week, from the one that JavaScript counts as its first. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * Day of the week and minute of the day on the clocks of a zone.
 * @param timeZone IANA name
 * @param now milliseconds since the epoch
 */
export function localTime(timeZone: string, now: number): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const weekday = part('weekday').toLowerCase();
  return {
    day: DAYS.findIndex((name) => name === weekday),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}
