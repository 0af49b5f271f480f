import type { Database } from './database.ts';
import { number, optionalNumber } from './rows.ts';

interface Schedule {
  /** When it last ran, milliseconds since the epoch; null when it never did. */
  last: number | null;
  next: number;
}

/** When timer-triggered functions are due: one run each time, however many processes share the file. */
export interface Schedules {
  find: (name: string) => Schedule | undefined;
  /** Sets the first due time, unless there is one. */
  begin: (name: string, next: number) => void;
  /** Takes the run that is due at `due`, and sets the next; false when another process was quicker. */
  take: (name: string, due: number, ranAt: number, next: number) => boolean;
  /** Changes the next due time without a run, for a schedule that was edited. */
  move: (name: string, next: number) => void;
}

export function createSchedules({ sql }: Database): Schedules {
  const find = sql.prepare('SELECT last, next FROM schedules WHERE name = ?');
  const begin = sql.prepare('INSERT OR IGNORE INTO schedules (name, last, next) VALUES (?, NULL, ?)');
  const take = sql.prepare('UPDATE schedules SET last = ?, next = ? WHERE name = ? AND next = ?');
  const move = sql.prepare('UPDATE schedules SET next = ? WHERE name = ?');
  return {
    find(name) {
      const row = find.get(name);
      return row && { last: optionalNumber(row, 'last'), next: number(row, 'next') };
    },
    begin(name, next) {
      begin.run(name, next);
    },
    take: (name, due, ranAt, next) => take.run(ranAt, next, name, due).changes === 1,
    move(name, next) {
      move.run(next, name);
    },
  };
}
