/** `2026-03-01 12:00:05 UTC` for an ISO 8601 moment; reports have readers in every zone. */
export function formatMoment(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A text with the moments in it as people read them. */
export function withReadableMoments(text: string): string {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (moment) =>
    Number.isNaN(Date.parse(moment)) ? moment : formatMoment(moment),
  );
}

/** Milliseconds between two ISO moments; never negative, since clocks may be set in between. */
export function elapsed(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** A duration in milliseconds as its two greatest units: `45 s`, `3 min 20 s`, `1 h 5 min`, `2 d 3 h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 1, 's');
  if (seconds < 86400) return twoUnits(seconds, 3600, 'h', 60, 'min');
  return twoUnits(seconds, 86400, 'd', 3600, 'h');
}

function twoUnits(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % big) / small);
  const head = `${String(Math.floor(seconds / big))} ${bigName}`;
  return rest === 0 ? head : `${head} ${String(rest)} ${smallName}`;
}
