import type { TypedData } from '../functions-core.ts';
import type { Invoke, RegisteredFunction } from '../invoke.ts';
import { messageOf, stackOf } from '../errors.ts';
import { taskCompleted, taskFailed, type HistoryEvent } from './history.ts';

/** Longest text of an error that is kept; the real host keeps several kB of .NET JSON. */
const LONGEST_DETAILS = 4000;

/**
 * The activity's argument on the wire. The extension hands the action's input over as the text .NET makes of it,
 * which is why `true` arrives as "True" and a string in quotes.
 */
function argumentOf(input: string | null): TypedData | undefined {
  const value: unknown = input === null ? null : JSON.parse(input);
  if (value === null) return undefined;
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' };
  return { string: JSON.stringify(value) };
}

/** JSON text of what a function returned; null for nothing. */
function jsonOf(data: TypedData | null | undefined): string | null {
  if (!data) return null;
  if (typeof data.json === 'string') return data.json;
  if (typeof data.string === 'string') return JSON.stringify(data.string);
  if (data.bytes) return JSON.stringify(Buffer.from(data.bytes).toString('base64'));
  const number = data.int ?? data.double;
  return number === null || number === undefined ? null : JSON.stringify(number);
}

/**
 * Runs an activity and gives back the event its orchestration is told; never rejects.
 * @param input JSON text of the action's input, null for none
 * @param now reads the clock, milliseconds since the epoch
 */
export async function runActivity(
  invoke: Invoke,
  activity: RegisteredFunction,
  task: { taskId: number; instanceId: string; input: string | null },
  now: () => number,
): Promise<HistoryEvent> {
  const { name, bindings } = activity.metadata;
  const trigger = Object.keys(bindings)[0] ?? '';
  try {
    const data = argumentOf(task.input);
    const triggerMetadata: Record<string, TypedData> = { instanceId: { string: task.instanceId } };
    const inputData = data ? [{ name: trigger, data }] : [{ name: trigger, data: {} }];
    const { returnValue } = await invoke(activity, {
      inputData,
      triggerMetadata: data ? { ...triggerMetadata, [trigger]: data } : triggerMetadata,
    });
    return taskCompleted(now(), task.taskId, jsonOf(returnValue));
  } catch (error) {
    return taskFailed(
      now(),
      task.taskId,
      `Activity function '${name}' failed:  ${messageOf(error)}`,
      details(error),
    );
  }
}

/** In the shape of the real host's, so that nobody comes to rely on a tidier one. */
function details(error: unknown): string {
  return JSON.stringify({
    $type: 'System.Exception, System.Private.CoreLib',
    ClassName: 'System.Exception',
    Message: ` ${messageOf(error)}`,
    RemoteStackTraceString: stackOf(error).slice(0, LONGEST_DETAILS),
  });
}
