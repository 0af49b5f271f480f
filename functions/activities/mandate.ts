import { MedicError } from '../../shared/errors.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** What is asked before anything is written. */
type Asked = Pick<ActivityDependencies, 'records' | 'control' | 'killSwitch'>;

/** As the handler, for a writing activity: only for who carries the remediation on, and forward only while nobody calls it off. */
export function mandated<Input extends Mandate, Output>(
  deps: Asked,
  handler: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    await requireMandate(deps, input);
    return handler(input);
  };
}

/**
 * Whether this may be written. The way back asks only whether another has taken it over, and goes on where even that cannot be
 * asked: a VM that we hold down must come up again.
 * @throws MedicError `Superseded`, `Cancelled`; `AzureUnavailable`, which is waited out, while the record cannot be reached.
 */
export async function requireMandate(deps: Asked, { remediationId, epoch, forward }: Mandate): Promise<void> {
  const reached = forward ? waitedFor : orUnknown;
  const owner = await reached(() => deps.records.epochOf(remediationId));
  if (owner !== undefined && owner > epoch)
    throw new MedicError('Superseded', `The remediation ${remediationId} is carried on by another.`);
  if (!forward) return;
  if (owner === undefined)
    throw new MedicError('AzureUnavailable', `The remediation ${remediationId} has no record yet.`);
  if (deps.killSwitch) throw new MedicError('Cancelled', 'The kill switch is on.');
  const cancellation = await waitedFor(() => deps.control.read(remediationId));
  if (cancellation) {
    const by = cancellation.by === undefined ? '' : ` by ${cancellation.by}`;
    throw new MedicError('Cancelled', `It was cancelled${by} at ${cancellation.at}.`);
  }
}

async function waitedFor<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MedicError('AzureUnavailable', `The record could not be reached: ${why}`, { cause: error });
  }
}

async function orUnknown<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch {
    return undefined;
  }
}
