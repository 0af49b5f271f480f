import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Database } from './database.ts';
import { number, text } from './rows.ts';

/** A process that has not been seen for so long is taken for stuck, and loses what it owns. */
const LEASE_MS = 30_000;

const UNFINISHED = "status IN ('Pending', 'Running', 'Suspended')";

/** Who owns what among the host processes that share a state file. Leases are in real time: processes are real. */
export interface Owners {
  /** This host. */
  readonly me: string;
  /** Renews the lease of this host. */
  renew: () => void;
  /** Takes over what dead, stuck or closed hosts left; true if there was any. */
  adopt: () => boolean;
  /** Gives everything back. */
  leave: () => void;
}

export function joinOwners({ sql, transaction }: Database): Owners {
  const me = randomUUID();
  const insert = sql.prepare('INSERT INTO owners (id, pid, process_started, seen_at) VALUES (?, ?, ?, ?)');
  const touch = sql.prepare('UPDATE owners SET seen_at = ? WHERE id = ?');
  const remove = sql.prepare('DELETE FROM owners WHERE id = ?');
  const others = sql.prepare('SELECT id, pid, process_started, seen_at FROM owners WHERE id <> ?');
  const release = ['instances', 'activities'].map((table) =>
    sql.prepare(`UPDATE ${table} SET owner = NULL WHERE owner = ?`),
  );
  const forsaken = [`instances WHERE owner IS NULL AND ${UNFINISHED}`, 'activities WHERE owner IS NULL'];
  const isForsaken = forsaken.map((rows) => sql.prepare(`SELECT 1 FROM ${rows} LIMIT 1`));
  const take = forsaken.map((rows) =>
    sql.prepare(`UPDATE ${rows.replace(' WHERE', ' SET owner = ? WHERE')}`),
  );

  const join = (): void => {
    insert.run(me, process.pid, processStart(process.pid) ?? '', Date.now());
  };
  const gone = (): string[] =>
    others
      .all(me)
      .filter((row) => {
        const alive = isAlive(number(row, 'pid'), text(row, 'process_started'));
        return !alive || Date.now() - number(row, 'seen_at') > LEASE_MS;
      })
      .map((row) => text(row, 'id'));

  join();
  return {
    me,
    renew() {
      // Another host may have struck this one off while it was stuck: it is alive, but owns nothing any more.
      if (touch.run(Date.now(), me).changes === 0) join();
    },
    adopt() {
      if (gone().length === 0 && !isForsaken.some((statement) => statement.get())) return false;
      return transaction(() => {
        for (const owner of gone()) {
          release.forEach((statement) => statement.run(owner));
          remove.run(owner);
        }
        return take.map((statement) => Number(statement.run(me).changes)).some((changes) => changes > 0);
      });
    },
    leave() {
      transaction(() => {
        release.forEach((statement) => statement.run(me));
        remove.run(me);
      });
    },
  };
}

/** A process id alone may belong to somebody else by now. */
function isAlive(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = processStart(pid);
  return started === '' || now === undefined || now === started;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); undefined where there is no such file. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, only nobody has asked for its exit code.
    return fields[0] === 'Z' ? 'zombie' : fields[19];
  } catch {
    return undefined;
  }
}
