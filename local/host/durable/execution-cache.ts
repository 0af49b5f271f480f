import type { EngineState } from './engine-state.ts';
import { EventType, RESULTS, type HistoryEvent } from './history.ts';
import type { Session } from './session.ts';
import type { Instances } from '../store/instances.ts';

/** An execution as the last turn left it. */
export interface Execution {
  executionId: string;
  turn: number;
  /** The history in JSON text, without the brackets around it; where the orchestrator was kept, it is in the store alone. */
  history: string | undefined;
  /** How many events that is. */
  length: number;
  engine: EngineState;
  /** Of the orchestrator that waits, where it was kept. */
  session?: Session;
}

/** Enough for a storm; an execution that is not here is read from the store. */
const MOST = 5000;

/** Keeps executions in memory between turns, so that a turn neither reads nor serialises what it knows already. */
export interface ExecutionCache {
  get: (id: string, executionId: string, turn: number) => Execution;
  set: (id: string, execution: Execution) => void;
  drop: (id: string) => void;
}

export function createExecutionCache(instances: Instances): ExecutionCache {
  const known = new Map<string, Execution>();
  return {
    get(id, executionId, turn) {
      const cached = known.get(id);
      if (cached?.executionId === executionId && cached.turn === turn) return cached;
      const events = instances.historyOf(id);
      const engine = instances.engineOf(id);
      return { executionId, turn, history: events.join(','), length: events.length, engine };
    },
    set(id, execution) {
      known.delete(id);
      known.set(id, execution);
      if (known.size > MOST) for (const oldest of known.keys()) return void known.delete(oldest);
    },
    drop(id) {
      known.delete(id);
    },
  };
}

/** What was delivered counts as played from the next turn on; what the engine added itself never does. */
const DELIVERED = new Set<number>([
  EventType.executionStarted,
  EventType.executionTerminated,
  ...RESULTS,
  EventType.executionSuspended,
  EventType.executionResumed,
]);

/** The events of a turn as later turns see them. */
export function played(events: HistoryEvent[]): HistoryEvent[] {
  return events.map((event, index) => {
    // Only in the first turn after a `continueAsNew` an episode ends before the turn does, and is delivered so.
    const endedBefore = event.EventType === EventType.orchestratorCompleted && index < events.length - 1;
    return endedBefore || DELIVERED.has(event.EventType) ? { ...event, IsPlayed: true } : event;
  });
}
