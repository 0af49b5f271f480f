import type { AutoShutdown } from '../model/auto-shutdown.ts';
import { localTime } from './local-time.ts';

const MINUTE = 60_000;
const DAY = 24 * 60;

/** Whether a VM's auto-shutdown comes between two moments. All times in milliseconds since the epoch. */
export function shutsDownBetween(schedule: AutoShutdown, from: number, until: number): boolean {
  return nextShutdown(schedule, from) <= until;
}

/** When it comes next. Where the clocks are put forward or back on the way, by up to an hour otherwise. */
function nextShutdown({ minute, timeZone }: AutoShutdown, from: number): number {
  const wait = (minute - localTime(timeZone, from).minute + DAY) % DAY;
  return Math.floor(from / MINUTE) * MINUTE + (wait === 0 ? DAY : wait) * MINUTE;
}

/** `every day at 19:00 (Europe/Berlin)` */
export function tellAutoShutdown({ minute, timeZone }: AutoShutdown): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `every day at ${two(Math.floor(minute / 60))}:${two(minute % 60)} (${timeZone})`;
}
