import { historyEventSchema, type HistoryEvent } from '../durable/history.ts';
import type { Database } from './database.ts';
import { number, optionalText, text } from './rows.ts';

/** An event on its way to an instance. */
export interface Message {
  seq: number;
  /** Only that execution may read it; null for whichever runs. */
  executionId: string | null;
  event: HistoryEvent;
}

/** An activity that is to be run. */
export interface QueuedActivity {
  seq: number;
  instanceId: string;
  executionId: string;
  taskId: number;
  name: string;
  /** As the orchestrator gave it, in JSON text; null for nothing. */
  input: string | null;
}

/** A durable timer. */
export interface StoredTimer {
  instanceId: string;
  executionId: string;
  timerId: number;
  /** Milliseconds since the epoch, and the same as the history shows it. */
  fireAt: number;
  fireAtText: string;
}

export interface Messages {
  send: (instanceId: string, executionId: string | null, event: HistoryEvent) => void;
  inboxOf: (instanceId: string) => Message[];
  removeMessages: (instanceId: string, upTo: number) => void;
  /** Instances of that owner that have mail. */
  recipients: (owner: string) => string[];

  addActivity: (activity: Omit<QueuedActivity, 'seq'>, owner: string) => QueuedActivity;
  /** False when it has gone to another owner. */
  removeActivity: (seq: number, owner: string) => boolean;
  activitiesOf: (owner: string) => QueuedActivity[];

  addTimer: (timer: StoredTimer) => void;
  /** False when it has fired or was cancelled. */
  removeTimer: (timer: Pick<StoredTimer, 'instanceId' | 'executionId' | 'timerId'>) => boolean;
  removeTimersOf: (instanceId: string) => void;
  timersOf: (owner: string) => StoredTimer[];
}

export function createMessages({ sql }: Database): Messages {
  const send = sql.prepare('INSERT INTO inbox (instance_id, execution_id, event) VALUES (?, ?, ?)');
  const inbox = sql.prepare('SELECT seq, execution_id, event FROM inbox WHERE instance_id = ? ORDER BY seq');
  const removeMessages = sql.prepare('DELETE FROM inbox WHERE instance_id = ? AND seq <= ?');
  const recipients = sql.prepare(
    'SELECT DISTINCT instance_id FROM inbox JOIN instances ON instances.id = instance_id WHERE owner = ?',
  );
  const addActivity = sql.prepare(
    'INSERT INTO activities (instance_id, execution_id, task_id, name, input, owner) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const removeActivity = sql.prepare('DELETE FROM activities WHERE seq = ? AND owner = ?');
  const activities = sql.prepare('SELECT * FROM activities WHERE owner = ? ORDER BY seq');
  const addTimer = sql.prepare(
    'INSERT INTO timers (instance_id, execution_id, timer_id, fire_at, fire_at_text) VALUES (?, ?, ?, ?, ?)',
  );
  const removeTimer = sql.prepare(
    'DELETE FROM timers WHERE instance_id = ? AND execution_id = ? AND timer_id = ?',
  );
  const removeTimers = sql.prepare('DELETE FROM timers WHERE instance_id = ?');
  const timers = sql.prepare(
    'SELECT timers.* FROM timers JOIN instances ON instances.id = timers.instance_id WHERE owner = ?',
  );

  return {
    send(instanceId, executionId, event) {
      send.run(instanceId, executionId, JSON.stringify(event));
    },
    inboxOf: (instanceId) =>
      inbox.all(instanceId).map((row) => ({
        seq: number(row, 'seq'),
        executionId: optionalText(row, 'execution_id'),
        event: historyEventSchema.parse(JSON.parse(text(row, 'event'))),
      })),
    removeMessages(instanceId, upTo) {
      removeMessages.run(instanceId, upTo);
    },
    recipients: (owner) => recipients.all(owner).map((row) => text(row, 'instance_id')),

    addActivity(activity, owner) {
      const { instanceId, executionId, taskId, name, input } = activity;
      const { lastInsertRowid } = addActivity.run(instanceId, executionId, taskId, name, input, owner);
      return { ...activity, seq: Number(lastInsertRowid) };
    },
    removeActivity: (seq, owner) => removeActivity.run(seq, owner).changes === 1,
    activitiesOf: (owner) =>
      activities.all(owner).map((row) => ({
        seq: number(row, 'seq'),
        instanceId: text(row, 'instance_id'),
        executionId: text(row, 'execution_id'),
        taskId: number(row, 'task_id'),
        name: text(row, 'name'),
        input: optionalText(row, 'input'),
      })),

    addTimer({ instanceId, executionId, timerId, fireAt, fireAtText }) {
      addTimer.run(instanceId, executionId, timerId, fireAt, fireAtText);
    },
    removeTimer: ({ instanceId, executionId, timerId }) =>
      removeTimer.run(instanceId, executionId, timerId).changes === 1,
    removeTimersOf(instanceId) {
      removeTimers.run(instanceId);
    },
    timersOf: (owner) =>
      timers.all(owner).map((row) => ({
        instanceId: text(row, 'instance_id'),
        executionId: text(row, 'execution_id'),
        timerId: number(row, 'timer_id'),
        fireAt: number(row, 'fire_at'),
        fireAtText: text(row, 'fire_at_text'),
      })),
  };
}
