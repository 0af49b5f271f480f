import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { redact } from '../../shared/intake/redact.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { remediationInputSchema, type RemediationInput } from '../../shared/model/request.ts';

/** What is read of an instance's status. */
export type InstanceStatus = Pick<DurableOrchestrationStatus, 'runtimeStatus' | 'input'>;

/** The part of the durable client that the triggers use. */
export interface Engine extends Pick<DurableClient, 'startNew' | 'raiseEvent'> {
  getStatus(instanceId: string, options: { showInput: boolean }): Promise<InstanceStatus>;
}

const ACTIVE: ReadonlySet<string> = new Set(['Pending', 'Running', 'Suspended', 'ContinuedAsNew']);

/** The instance's status, or `undefined` where there is no such instance. */
async function findInstance(
  engine: Pick<Engine, 'getStatus'>,
  instanceId: string,
): Promise<InstanceStatus | undefined> {
  try {
    return await engine.getStatus(instanceId, { showInput: true });
  } catch (error) {
    // The client tells "no such instance" by this text alone; it hands over no status code.
    if (error instanceof Error && error.message.includes('HTTP 404')) return undefined;
    throw engineUnavailable(error);
  }
}

/** The host restarts, or is busy: whoever asked may ask again, and a message of the queue waits. */
export function engineUnavailable(error: unknown): MedicError {
  // Its addresses hold a key, and who asked is shown the message.
  const why = redact(error instanceof Error ? error.message : String(error));
  return new MedicError('EngineUnavailable', `The durable engine did not respond: ${why}`, { cause: error });
}

/** What an instance that goes on was started with; `undefined` when it is over, missing or not ours. */
export async function findActive(engine: Engine, instanceId: string): Promise<RemediationInput | undefined> {
  const found = await whatRuns(engine, instanceId);
  return typeof found === 'string' ? undefined : found;
}

/** The instance under which this very attempt goes on; `undefined` where it does not. */
export async function instanceGoingOn(engine: Engine, remediationId: string): Promise<string | undefined> {
  const instanceId = instanceOfRemediation(remediationId);
  const active = instanceId === undefined ? undefined : await findActive(engine, instanceId);
  return active?.remediationId === remediationId ? instanceId : undefined;
}

/**
 * What goes on under this id; `unknown` for an instance whose input cannot be read, say of another version of the service; `over` for
 * one that has ended, `gone` for one that the engine knows nothing of.
 */
export async function whatRuns(
  engine: Pick<Engine, 'getStatus'>,
  instanceId: string,
): Promise<RemediationInput | 'gone' | 'over' | 'unknown'> {
  const status = await findInstance(engine, instanceId);
  if (!status) return 'gone';
  if (!ACTIVE.has(status.runtimeStatus)) return 'over';
  return remediationInputSchema.safeParse(status.input).data ?? 'unknown';
}

/** Whether nothing goes on under this id. */
export async function isOver(engine: Pick<Engine, 'getStatus'>, instanceId: string): Promise<boolean> {
  const status = await findInstance(engine, instanceId);
  return !status || !ACTIVE.has(status.runtimeStatus);
}
