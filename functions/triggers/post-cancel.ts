import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { CANCEL_EVENT, cancelRequestSchema } from '../../shared/model/cancellation.ts';
import type { Phase } from '../../shared/model/record.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { instanceGoingOn } from './engine.ts';
import { json, problemResponse, readBody, type Handler } from './http.ts';

/** Windows has booted from the repaired disk, or all is being taken back already: nothing is left that could be called off. */
const TOO_LATE: readonly Phase[] = ['verify', 'undo', 'clean-up', 'ended'];

/**
 * `POST /api/remediations/{id}/cancel`: calls a remediation off. It acts at the next safe point, after the Azure operation under way,
 * and takes back what was done.
 */
export function postCancel({ records, control, clock }: TriggerDependencies): Handler {
  return async ({ request, engine, caller }) => {
    const id = request.params['id'] ?? '';
    const instanceId = await instanceGoingOn(engine, id);
    if (instanceId === undefined)
      return problemResponse(problem('NotFound', 'No remediation with this id is running.'));
    const body = await readBody(request);
    if (!body.ok) return problemResponse(body.problem);
    const asked = cancelRequestSchema.safeParse(body.value);
    if (!asked.success) return problemResponse(invalid(asked.error));
    const record = await records.read(id);
    if (record && TOO_LATE.includes(record.phase)) return problemResponse(problem('NothingToCancel'));
    const by = caller.principal?.name ?? asked.data.by;
    await control.cancel(id, {
      ...asked.data,
      ...(by !== undefined && { by }),
      at: new Date(clock.now()).toISOString(),
    });
    // The word counts by itself; this only wakes who waits for a person.
    await engine.raiseEvent(instanceId, CANCEL_EVENT, {});
    return json(202, { id, status: 'cancelling' }, { location: remediationAddress(request, id) });
  };
}
