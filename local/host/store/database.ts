import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { number } from './rows.ts';

/**
 * One file holds everything. An instance belongs to the host process in `owner`; only that one runs its turns and
 * activities, any other may put messages into its inbox.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS owners (
  id TEXT PRIMARY KEY, pid INTEGER NOT NULL, process_started TEXT NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS instances (
  id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, name TEXT NOT NULL, version TEXT, status TEXT NOT NULL,
  input TEXT, output TEXT, custom_status TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  generation INTEGER, parent TEXT, turn INTEGER NOT NULL, engine TEXT NOT NULL, owner TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS instances_owner ON instances (owner) WHERE status IN ('Pending', 'Running', 'Suspended');
CREATE TABLE IF NOT EXISTS history (
  instance_id TEXT NOT NULL, position INTEGER NOT NULL, event TEXT NOT NULL,
  PRIMARY KEY (instance_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT, event TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS inbox_instance ON inbox (instance_id, seq);
CREATE TABLE IF NOT EXISTS activities (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL,
  task_id INTEGER NOT NULL, name TEXT NOT NULL, input TEXT, owner TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS activities_owner ON activities (owner);
CREATE TABLE IF NOT EXISTS timers (
  instance_id TEXT NOT NULL, execution_id TEXT NOT NULL, timer_id INTEGER NOT NULL, fire_at INTEGER NOT NULL,
  fire_at_text TEXT NOT NULL, PRIMARY KEY (instance_id, execution_id, timer_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS schedules (
  name TEXT PRIMARY KEY, last INTEGER, next INTEGER NOT NULL
) STRICT;
`;

/** Pages between two checkpoints (40 MB): each one waits for the disk, and SQLite's own 1000 are soon written. */
const WAL_PAGES = 10_000;

/** SQLITE_BUSY, with its extended forms in the higher bits. */
const busySchema = z.looseObject({ errcode: z.number().refine((code) => (code & 0xff) === 5) });
const TRY_AGAIN_MS = 20;
const MOST_TRIES = 500;

/** Raised whenever the tables change in a way older files do not have. */
const SCHEMA_VERSION = 1;

export interface Database {
  readonly sql: DatabaseSync;
  /** Runs it in one transaction that no other process can interleave; whatever it throws undoes everything. */
  transaction: <Result>(work: () => Result) => Result;
  /**
   * The same for work that can wait a moment: what comes up in one turn of the event loop shares one transaction,
   * because most of a transaction's cost is its end. Whatever one of them throws undoes that one alone.
   */
  enqueue: <Result>(work: () => Result) => Promise<Result>;
  /** Whether another connection wrote since the last time this was asked. */
  changedElsewhere: () => boolean;
  close: () => void;
}

/**
 * What a commit costs: `normal` survives the death of the process at any moment (the write is with the operating
 * system), and after a power cut comes back consistent but may lack the last moments; `full` waits for the disk.
 */
export type Durability = 'normal' | 'full';

/** SQLite's own time-out does not count for this one switch: of two processes that make the file, one is refused at once. */
function useWriteAheadLog(sql: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      sql.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!busySchema.safeParse(error).success || tries >= MOST_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS);
    }
  }
}

/**
 * Opens or makes the state file.
 * @throws Error when the file was written by another version of the host
 */
export function openDatabase(path: string, durability: Durability): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sql = new DatabaseSync(path, { timeout: 10_000 });
  useWriteAheadLog(sql);
  sql.exec(
    `PRAGMA wal_autocheckpoint = ${String(WAL_PAGES)}; PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};`,
  );
  const versionOf = sql.prepare('PRAGMA user_version');
  const dataVersion = sql.prepare('PRAGMA data_version');

  const transaction = <Result>(work: () => Result): Result => {
    sql.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      sql.exec('COMMIT');
      return result;
    } catch (error) {
      if (sql.isTransaction) sql.exec('ROLLBACK');
      throw error;
    }
  };

  let queue: { run(): void; settle(): void; reject(error: unknown): void }[] = [];
  const flush = (): void => {
    const batch = queue;
    queue = [];
    try {
      transaction(() => {
        for (const item of batch) item.run();
      });
      for (const item of batch) item.settle();
    } catch (error) {
      for (const item of batch) item.reject(error);
    }
  };
  const enqueue = <Result>(work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      let settle = (): void => undefined;
      const run = (): void => {
        sql.exec('SAVEPOINT item');
        try {
          const result = work();
          settle = () => {
            resolve(result);
          };
        } catch (error) {
          sql.exec('ROLLBACK TO item');
          settle = () => {
            reject(error instanceof Error ? error : new Error(String(error)));
          };
        }
        sql.exec('RELEASE item');
      };
      queue.push({
        run,
        settle: () => {
          settle();
        },
        reject,
      });
      if (queue.length === 1) setImmediate(flush);
    });

  transaction(() => {
    const version = number(versionOf.get() ?? {}, 'user_version');
    if (version !== 0 && version !== SCHEMA_VERSION)
      throw new Error(
        `The state file ${path} has version ${String(version)}, this host ${String(SCHEMA_VERSION)}.`,
      );
    sql.exec(SCHEMA);
    sql.exec(`PRAGMA user_version = ${String(SCHEMA_VERSION)}`);
  });

  let seen = number(dataVersion.get() ?? {}, 'data_version');
  return {
    sql,
    transaction,
    enqueue,
    changedElsewhere() {
      const version = number(dataVersion.get() ?? {}, 'data_version');
      const changed = version !== seen;
      seen = version;
      return changed;
    },
    close: () => {
      sql.close();
    },
  };
}
