import type { OperationKind, OperationRecord } from '../../shared/model/operation-record.ts';
import { now, type Steps } from './durable.ts';
import type { Run } from './run.ts';

/**
 * Keeps in the record that Azure does something, for as long as that takes.
 * @param target name of the resource, or of the script
 * @param work what asks for it and waits for its end
 * @param since when it was begun, where something else was done meanwhile: ISO 8601
 */
export function* recorded<T>(
  run: Run,
  kind: OperationKind,
  target: string,
  work: Steps<T>,
  since: string = now(run.context),
): Steps<T> {
  const { context, record } = run;
  const operation: OperationRecord = { kind, target, startedAt: since };
  (record.operations ??= []).push(operation);
  try {
    return yield* work;
  } catch (error) {
    operation.failed = true;
    throw error;
  } finally {
    operation.endedAt = now(context);
  }
}
