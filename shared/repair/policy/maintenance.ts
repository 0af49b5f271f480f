import { DAYS, localTime } from '../local-time.ts';
import type { MaintenanceWindow, Policy } from './schema.ts';

const MINUTE = 60_000;

/**
 * Whether `now`, and all of the time until `until` (milliseconds since the epoch), lies in the windows; no windows means always. A
 * minute is the least that a window's edge can be told by.
 */
export function inMaintenanceWindow(
  maintenance: Policy['maintenance'],
  now: number,
  until: number = now,
): boolean {
  if (maintenance.windows.length === 0) return true;
  for (let at = now; at < until; at += MINUTE) if (!isOpen(maintenance, at)) return false;
  return isOpen(maintenance, until);
}

function isOpen({ windows, timeZone }: Policy['maintenance'], at: number): boolean {
  const { day, minute } = localTime(timeZone, at);
  return windows.some((window) => contains(window, day, minute));
}

function contains(window: MaintenanceWindow, day: number, minute: number): boolean {
  const from = minutes(window.from);
  const to = minutes(window.to);
  const opens = (index: number): boolean => window.days.some((name) => name === DAYS[(index + 7) % 7]);
  if (from < to) return opens(day) && minute >= from && minute < to;
  // Over midnight: the late part belongs to today's opening, the early part to yesterday's.
  return (opens(day) && minute >= from) || (opens(day - 1) && minute < to);
}

function minutes(time: string): number {
  const [hours, rest] = time.split(':');
  return Number(hours) * 60 + Number(rest);
}

/** The windows in words, for a refusal: `mon, tue 22:00-04:00 (Europe/Zurich)`. */
export function describeWindows({ windows, timeZone }: Policy['maintenance']): string {
  const all = windows.map((window) => `${window.days.join(', ')} ${window.from}-${window.to}`);
  return `${all.join('; ')} (${timeZone})`;
}
