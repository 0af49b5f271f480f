import { MedicError } from '../../shared/errors.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import { reached } from '../../shared/store/reached.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** What is asked before anything is written. */
type Asked = Pick<ActivityDependencies, 'records' | 'control' | 'killSwitch'>;

/** As `implement`, a writing activity: only for who carries the remediation on, and forward only while nobody calls it off. */
export function implementMandated<Input extends Mandate, Output>(
  deps: Asked,
  contract: DurableCall<Input, Output>,
  handler: (input: Input) => Promise<Output>,
): void {
  implement(contract, async (input) => {
    await requireMandate(deps, input);
    return handler(input);
  });
}

/**
 * Whether this may be written. The way back asks only whether another has taken it over, and goes on where even that cannot be
 * asked: a VM that we hold down must come up again.
 * @throws MedicError `Superseded`, `Cancelled`; `AzureUnavailable`, which is waited out, while the record cannot be reached.
 */
export async function requireMandate(deps: Asked, { remediationId, epoch, forward }: Mandate): Promise<void> {
  const epochOf = (): Promise<number | undefined> => deps.records.epochOf(remediationId);
  const owner = await (forward ? reached('The record', epochOf) : orUnknown(epochOf));
  if (owner !== undefined && owner > epoch)
    throw new MedicError('Superseded', `Another instance has taken over the remediation ${remediationId}.`);
  if (!forward) return;
  if (owner === undefined)
    throw new MedicError('AzureUnavailable', `The remediation ${remediationId} has no record yet.`);
  if (deps.killSwitch) throw new MedicError('Cancelled', 'The kill switch is on.');
  const cancellation = await reached('The record', () => deps.control.read(remediationId));
  if (cancellation) {
    const by = cancellation.by === undefined ? '' : ` by ${cancellation.by}`;
    throw new MedicError('Cancelled', `It was cancelled${by} at ${cancellation.at}.`);
  }
}

async function orUnknown<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch {
    return undefined;
  }
}
