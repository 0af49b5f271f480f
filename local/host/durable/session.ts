import * as z from 'zod';
import { EventType, RESULTS, type HistoryEvent } from './history.ts';
import { createActionReader, type Answer } from './protocol.ts';

/**
 * An orchestrator that was not thrown away after its turn: it goes on where it waits, and needs no replay. .NET's worker has the same
 * under the name of extended sessions; the host keeps it to an execution's memory, and asks for a replay of the whole at its end.
 */
export interface Session {
  /** The orchestrator's answer to what is new; undefined where only a replay can say, at the end of an execution among them. */
  resume: (events: readonly HistoryEvent[]) => Answer | undefined;
}

/** What `TaskOrchestrationExecutor` of `durable-functions` (lib/src/orchestrations) is made of, as far as it is needed. */
interface Executor {
  _isReplaying: boolean;
  readonly actions: readonly unknown[];
  readonly context: { readonly customStatus?: unknown };
  processEvent: (event: unknown) => void;
  isDoneExecuting: () => boolean;
}

const contextSchema = z.object({
  df: z.object({
    taskOrchestratorExecutor: z.custom<Executor>(
      (value) =>
        z.looseObject({ actions: z.array(z.unknown()), context: z.looseObject({}) }).safeParse(value).success,
    ),
  }),
});

/** Others change the execution itself: they are a replay's business. */
const ORDINARY = new Set<number>([EventType.orchestratorStarted, ...RESULTS]);

/** The session of an orchestrator that has just answered. @param context what it was called with */
export function sessionOf(context: unknown): Session | undefined {
  const executor = contextSchema.safeParse(context).data?.df.taskOrchestratorExecutor;
  if (!executor || executor.isDoneExecuting()) return undefined;
  const read = createActionReader();
  return {
    resume(events) {
      if (!events.every(({ EventType: type }) => ORDINARY.has(type))) return undefined;
      executor._isReplaying = false;
      try {
        for (const event of events) {
          executor.processEvent({ ...event, Timestamp: new Date(event.Timestamp) });
          if (executor.isDoneExecuting()) return undefined;
        }
        const actions = read(executor.actions);
        return { isDone: false, actions, output: undefined, customStatus: executor.context.customStatus };
      } catch {
        // The replay fails in the same way, and says so as the real host does.
        return undefined;
      }
    },
  };
}
