import type { Invoke, RegisteredFunction } from '../invoke.ts';
import { messageOf } from '../errors.ts';
import { parseAnswer, parseFailure, type Answer } from './protocol.ts';

export interface OrchestratorCall {
  instanceId: string;
  parentInstanceId: string | null;
  /** JSON text. */
  input: string | null;
  /** Events in JSON text, separated by commas. */
  history: string;
  isReplaying: boolean;
  /** Told of the context that the orchestrator answered in. */
  answered?: (context: unknown) => void;
}

/** The orchestration trigger's value, as the extension's `OrchestrationTriggerAttributeBindingProvider` makes it. */
function triggerValue({
  instanceId,
  parentInstanceId,
  input,
  history,
  isReplaying,
}: OrchestratorCall): string {
  const rest = JSON.stringify({
    instanceId,
    isReplaying,
    parentInstanceId,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
  // The history is JSON text already: taking it apart to put it together again would cost the most of all.
  return `{"history":[${history}],"input":${input ?? 'null'},${rest.slice(1)}`;
}

/** What stands for the answer of an orchestrator that could not give one. */
export function noAnswer(error: string): Answer {
  return { isDone: false, output: undefined, customStatus: undefined, error };
}

/** Lets the orchestrator replay, and reads what it wants; never rejects. */
export async function orchestrate(
  invoke: Invoke,
  orchestrator: RegisteredFunction,
  call: OrchestratorCall,
): Promise<Answer> {
  try {
    const [name] = Object.keys(orchestrator.metadata.bindings);
    const value = triggerValue(call);
    const inputData = [{ name: name ?? '', data: { string: value } }];
    const { returnValue } = await invoke(orchestrator, {
      inputData,
      ...(call.answered && { answered: call.answered }),
    });
    return parseAnswer(returnValue?.json ?? returnValue?.string ?? 'null');
  } catch (error) {
    try {
      return parseFailure(messageOf(error)) ?? noAnswer(messageOf(error));
    } catch (unreadable) {
      return noAnswer(messageOf(unreadable));
    }
  }
}
