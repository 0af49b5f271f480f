import type { Clock, ClockTimer } from '../../../shared/clock.ts';
import type { Busy } from '../busy.ts';
import { messageOf } from '../errors.ts';
import type { Invoke, RegisteredFunction } from '../invoke.ts';
import type { QueuedActivity, StoredTimer } from '../store/messages.ts';
import { isFinished } from '../store/instances.ts';
import type { Store } from '../store/store.ts';
import { runActivity } from './activity.ts';
import { createExecutionCache } from './execution-cache.ts';
import { timerFired } from './history.ts';
import { commitTurn, type Committed } from './commit.ts';
import type { VersionSettings } from './versions.ts';
import { runTurn } from './run-turn.ts';

export interface EngineOptions {
  store: Store;
  clock: Clock;
  busy: Busy;
  invoke: Invoke;
  orchestrators: Map<string, RegisteredFunction>;
  activities: Map<string, RegisteredFunction>;
  /** Called back when an instance has ended. */
  onFinished: (instanceId: string) => void;
  /** Activities that run at the same time, at most. */
  concurrentActivities: number;
  /** Whether orchestrators are kept between turns, and replayed at their end alone. */
  extendedSessions: boolean;
  versions: VersionSettings;
  /** Called back when a turn has been stored, before what follows from it is begun; with how long the orchestrator ran, in real milliseconds. */
  onTurn?: ((instanceId: string, milliseconds: number) => void) | undefined;
  /** Called back when an activity has ended, with how long it ran, in real milliseconds. */
  onActivity?: ((name: string, instanceId: string, milliseconds: number) => void) | undefined;
  log: (line: string) => void;
}

export interface Engine {
  /** Says that an instance has mail. */
  wake: (instanceId: string) => void;
  /** Looks for what other processes did; `everything` as well for what this one does not know yet. */
  refresh: (everything: boolean) => void;
  /** Stops taking up work, and resolves when nothing is running. */
  close: () => Promise<void>;
}

/** Turns taken up in one go before the event loop is given a chance. */
const TURNS_AT_ONCE = 16;
/** In real milliseconds: a disk that is full knows no other time. */
const RETRY_AFTER_MS = 1000;

/** Sets going what the store says is due: turns of instances with mail, queued activities, durable timers. */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, busy, invoke, activities, log } = options;
  const { messages, owners, database } = store;
  const cache = createExecutionCache(store.instances);
  const ready = new Set<string>();
  const inTurn = new Set<string>();
  const queued = new Map<number, QueuedActivity>();
  const running = new Set<number>();
  const timers = new Map<string, ClockTimer>();
  /** Open while something is ready, so that a virtual clock waits for it. */
  let readyGate: (() => void) | undefined;
  let scheduled = false;
  let closed = false;

  /** The store could not be written, and is as it was before: what was tried is tried again. */
  const later = (retry: () => void): void => {
    setTimeout(() => {
      if (!closed) retry();
    }, RETRY_AFTER_MS).unref();
  };

  const schedule = (): void => {
    if (closed) return;
    readyGate ??= busy.enter();
    if (scheduled) return;
    scheduled = true;
    setImmediate(pump);
  };

  const pump = (): void => {
    scheduled = false;
    let room = TURNS_AT_ONCE;
    for (const id of ready) {
      if (closed || room === 0) break;
      if (inTurn.has(id)) continue;
      room -= 1;
      ready.delete(id);
      void turn(id);
    }
    for (const activity of queued.values()) {
      if (closed || running.size >= options.concurrentActivities) break;
      queued.delete(activity.seq);
      void perform(activity);
    }
    const more = !closed && [...ready].some((id) => !inTurn.has(id));
    if (more) {
      schedule();
      return;
    }
    readyGate?.();
    readyGate = undefined;
  };

  const turn = async (id: string): Promise<void> => {
    const leave = busy.enter();
    inTurn.add(id);
    try {
      const begun = performance.now();
      const turn = await runTurn({ ...options, cache }, id);
      const took = performance.now() - begun;
      if (turn) {
        const committed = await commitTurn(store, cache, turn, options.versions);
        if (committed) {
          options.onTurn?.(id, took);
          follow(id, committed);
        }
      }
    } catch (error) {
      cache.drop(id);
      log(`[host] A turn of ${id} failed in the host itself: ${messageOf(error)}`);
      later(() => {
        wake(id);
      });
    } finally {
      inTurn.delete(id);
      if (ready.size > 0 || queued.size > 0) schedule();
      leave();
    }
  };

  const follow = (id: string, committed: Committed): void => {
    for (const activity of committed.activities) enqueue(activity);
    for (const timer of committed.timers) arm(timer);
    for (const timer of committed.cancelled) disarm(timer);
    for (const recipient of committed.woken) wake(recipient);
    if (committed.finished) options.onFinished(id);
  };

  const enqueue = (activity: QueuedActivity): void => {
    if (!activities.has(activity.name)) {
      // The real host leaves the instance waiting as well, without a word.
      log(
        `[host] ${activity.instanceId} calls activity '${activity.name}', which is not registered: it waits.`,
      );
      return;
    }
    if (running.has(activity.seq)) return;
    queued.set(activity.seq, activity);
    schedule();
  };

  const perform = async (queuedActivity: QueuedActivity): Promise<void> => {
    const { seq, instanceId, executionId, name } = queuedActivity;
    const activity = activities.get(name);
    if (!activity) return;
    const leave = busy.enter();
    running.add(seq);
    try {
      const begun = performance.now();
      const result = await runActivity(invoke, activity, queuedActivity, () => clock.now());
      options.onActivity?.(name, instanceId, performance.now() - begun);
      if (!database.sql.isOpen) return;
      const delivered = await database.enqueue(() => {
        if (!messages.removeActivity(seq, owners.me)) return false;
        const instance = store.instances.find(instanceId);
        if (instance?.executionId !== executionId || isFinished(instance.status)) return false;
        messages.send(instanceId, executionId, result);
        return true;
      });
      if (delivered) wake(instanceId);
    } catch (error) {
      log(`[host] The result of activity '${name}' of ${instanceId} was not stored: ${messageOf(error)}`);
      later(() => {
        enqueue(queuedActivity);
      });
    } finally {
      running.delete(seq);
      if (queued.size > 0) schedule();
      leave();
    }
  };

  const timerKey = (timer: Pick<StoredTimer, 'instanceId' | 'executionId' | 'timerId'>): string =>
    `${timer.instanceId}\n${timer.executionId}\n${String(timer.timerId)}`;

  const arm = (timer: StoredTimer): void => {
    const key = timerKey(timer);
    if (timers.has(key) || closed) return;
    timers.set(
      key,
      clock.setTimer(timer.fireAt, () => {
        timers.delete(key);
        // The timers of Node may be early by a part of a millisecond.
        if (clock.now() < timer.fireAt) arm(timer);
        else void fire(timer);
      }),
    );
  };

  const fire = async (timer: StoredTimer): Promise<void> => {
    const leave = busy.enter();
    const { instanceId, executionId, timerId, fireAtText } = timer;
    try {
      const event = timerFired(clock.now(), timerId, fireAtText);
      const fired = await database.enqueue(() => {
        if (!messages.removeTimer(timer)) return false;
        messages.send(instanceId, executionId, event);
        return true;
      });
      if (fired) wake(instanceId);
    } catch (error) {
      log(`[host] A timer of ${instanceId} could not be stored: ${messageOf(error)}`);
      later(() => {
        arm(timer);
      });
    } finally {
      leave();
    }
  };

  const disarm = (timer: Pick<StoredTimer, 'instanceId' | 'executionId' | 'timerId'>): void => {
    const key = timerKey(timer);
    timers.get(key)?.cancel();
    timers.delete(key);
  };

  const wake = (instanceId: string): void => {
    if (closed) return;
    ready.add(instanceId);
    schedule();
  };

  return {
    wake,
    refresh(everything) {
      if (closed) return;
      for (const id of messages.recipients(owners.me)) wake(id);
      if (!everything) return;
      for (const activity of messages.activitiesOf(owners.me)) enqueue(activity);
      for (const timer of messages.timersOf(owners.me)) arm(timer);
    },
    close() {
      closed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      ready.clear();
      queued.clear();
      readyGate?.();
      readyGate = undefined;
      return busy.idle();
    },
  };
}
