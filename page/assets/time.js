/** How far the clock of the service is ahead of this browser's, in milliseconds: told by the date of its answers. */
let ahead = 0;

/** @param {string | null} date header of an answer, whole seconds */
export function hearDate(date) {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return;
  const heard = told - Date.now();
  // It counts whole seconds: a difference below that is none.
  if (Math.abs(heard - ahead) > 1500) ahead = heard;
}

/** The service's own time, in milliseconds since the epoch. */
export function now() {
  return Date.now() + ahead;
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/**
 * A moment in the reader's own time zone; only the time where it is today.
 * @param {string} moment ISO 8601
 */
export function formatMoment(moment) {
  const at = new Date(moment);
  const time = CLOCK.format(at);
  return DAY.format(at) === DAY.format(now()) ? time : `${DAY.format(at)}, ${time}`;
}

/**
 * A text of the service as a reader tells time: its moments in his own zone.
 * @param {string} text
 */
export function told(text) {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, formatMoment);
}

/**
 * How long it took, or has taken so far.
 * @param {string} from ISO 8601
 * @param {string} [to] ISO 8601; up to now where it is missing
 */
export function formatSpan(from, to) {
  return formatSeconds(((to === undefined ? now() : Date.parse(to)) - Date.parse(from)) / 1000);
}

/** @param {number} seconds */
export function formatSeconds(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/**
 * A day as an axis names it.
 * @param {string} day `2026-03-01`
 */
export function formatDay(day) {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
