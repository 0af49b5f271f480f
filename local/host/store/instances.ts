import * as z from 'zod';
import { engineStateSchema, type EngineState } from '../durable/engine-state.ts';
import type { HistoryEvent, ParentInstance } from '../durable/history.ts';
import type { Database } from './database.ts';
import { number, optionalNumber, optionalText, text, type Row } from './rows.ts';

export type RuntimeStatus = 'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated';

const statusSchema = z.enum(['Pending', 'Running', 'Suspended', 'Completed', 'Failed', 'Terminated']);
const parentSchema = z.object({
  Name: z.string(),
  OrchestrationInstance: z.object({ InstanceId: z.string(), ExecutionId: z.string() }),
  TaskScheduleId: z.number(),
  Version: z.null(),
});

export interface Instance {
  id: string;
  executionId: string;
  name: string;
  version: string | null;
  status: RuntimeStatus;
  /** JSON text, as are `output` and `customStatus`. */
  input: string | null;
  output: string | null;
  customStatus: string | null;
  createdAt: number;
  updatedAt: number;
  generation: number | null;
  parent: ParentInstance | null;
  /** Turns of this execution that are committed. */
  turn: number;
  owner: string | null;
}

export interface InstanceFilter {
  prefix?: string;
  createdFrom?: number;
  createdTo?: number;
  statuses?: string[];
  /** Only ids behind this one. */
  after?: string;
  limit: number;
}

export function isFinished(status: RuntimeStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}

const INSTANCE_COLUMNS =
  'id, execution_id, name, version, status, input, output, custom_status, created_at, updated_at, generation, parent, turn, owner';

function toInstance(row: Row): Instance {
  const parent = optionalText(row, 'parent');
  return {
    id: text(row, 'id'),
    executionId: text(row, 'execution_id'),
    name: text(row, 'name'),
    version: optionalText(row, 'version'),
    status: statusSchema.parse(row['status']),
    input: optionalText(row, 'input'),
    output: optionalText(row, 'output'),
    customStatus: optionalText(row, 'custom_status'),
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
    generation: optionalNumber(row, 'generation'),
    parent: parent === null ? null : parentSchema.parse(JSON.parse(parent)),
    turn: number(row, 'turn'),
    owner: optionalText(row, 'owner'),
  };
}

export interface Instances {
  find: (id: string) => Instance | undefined;
  list: (filter: InstanceFilter) => Instance[];
  /** Puts it in, in the place of an instance of the same id. */
  put: (instance: Instance, engine: EngineState) => void;
  /** Saves a turn; false when the instance has gone to another owner or execution meanwhile. */
  saveTurn: (before: Instance, after: Instance, engine: EngineState) => boolean;
  engineOf: (id: string) => EngineState;
  /** Deletes it with its history, messages, activities and timers. */
  remove: (id: string) => void;
  historyOf: (id: string) => string[];
  appendHistory: (id: string, from: number, events: HistoryEvent[]) => void;
  clearHistory: (id: string) => void;
}

export function createInstances({ sql }: Database): Instances {
  const find = sql.prepare(`SELECT ${INSTANCE_COLUMNS} FROM instances WHERE id = ?`);
  const engine = sql.prepare('SELECT engine FROM instances WHERE id = ?');
  const list = sql.prepare(
    `SELECT ${INSTANCE_COLUMNS} FROM instances
     WHERE id > :after AND substr(id, 1, length(:prefix)) = :prefix
       AND created_at BETWEEN :createdFrom AND :createdTo
       AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
     ORDER BY id LIMIT :limit`,
  );
  const put = sql.prepare(
    `INSERT OR REPLACE INTO instances (${INSTANCE_COLUMNS}, engine) VALUES (${'?, '.repeat(14)}?)`,
  );
  const save = sql.prepare(
    `UPDATE instances SET execution_id = ?, status = ?, input = ?, output = ?, custom_status = ?, created_at = ?,
       updated_at = ?, generation = ?, turn = ?, owner = ?, engine = ?
     WHERE id = ? AND execution_id = ? AND turn = ? AND owner IS ?`,
  );
  const removals = ['instances', 'history', 'inbox', 'activities', 'timers'].map((table) =>
    sql.prepare(`DELETE FROM ${table} WHERE ${table === 'instances' ? 'id' : 'instance_id'} = ?`),
  );
  const history = sql.prepare('SELECT event FROM history WHERE instance_id = ? ORDER BY position');
  const append = sql.prepare('INSERT INTO history (instance_id, position, event) VALUES (?, ?, ?)');
  const clear = sql.prepare('DELETE FROM history WHERE instance_id = ?');

  return {
    find(id) {
      const row = find.get(id);
      return row && toInstance(row);
    },
    list: ({
      prefix = '',
      createdFrom = 0,
      createdTo = Number.MAX_SAFE_INTEGER,
      statuses,
      after = '',
      limit,
    }) =>
      list
        .all({
          prefix,
          createdFrom,
          createdTo,
          statuses: statuses ? JSON.stringify(statuses) : null,
          after,
          limit,
        })
        .map(toInstance),
    put(instance, state) {
      const { id, executionId, name, version, status, input, output, customStatus } = instance;
      const { createdAt, updatedAt, generation, parent, turn, owner } = instance;
      put.run(
        ...[
          id,
          executionId,
          name,
          version,
          status,
          input,
          output,
          customStatus,
          createdAt,
          updatedAt,
          generation,
        ],
        ...[parent && JSON.stringify(parent), turn, owner, JSON.stringify(state)],
      );
    },
    saveTurn(before, after, state) {
      const { executionId, status, input, output, customStatus, createdAt, updatedAt, generation } = after;
      const saved = save.run(
        ...[executionId, status, input, output, customStatus, createdAt, updatedAt, generation],
        ...[after.turn, after.owner, JSON.stringify(state)],
        ...[before.id, before.executionId, before.turn, before.owner],
      );
      return saved.changes === 1;
    },
    engineOf: (id) => engineStateSchema.parse(JSON.parse(text(engine.get(id) ?? {}, 'engine'))),
    remove(id) {
      for (const statement of removals) statement.run(id);
    },
    historyOf: (id) => history.all(id).map((row) => text(row, 'event')),
    appendHistory(id, from, events) {
      for (const [index, event] of events.entries()) append.run(id, from + index, JSON.stringify(event));
    },
    clearHistory(id) {
      clear.run(id);
    },
  };
}
