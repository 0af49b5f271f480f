import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { APPROVAL_EVENT, approvalSchema } from '../../shared/model/approval.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive } from './engine.ts';
import { json, problemResponse, readBody, type Handler } from './http.ts';

/** `POST /api/remediations/{id}/approval`: a person says whether the VM may be taken offline. */
export function postApproval({ records }: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const id = request.params['id'] ?? '';
    const instanceId = instanceOfRemediation(id);
    const active = instanceId === undefined ? undefined : await findActive(engine, instanceId);
    if (instanceId === undefined || active?.remediationId !== id) {
      return problemResponse(problem('NotFound', 'No remediation of this id goes on.'));
    }
    const body = await readBody(request);
    if (!body.ok) return problemResponse(body.problem);
    const answer = approvalSchema.safeParse(body.value);
    if (!answer.success) return problemResponse(invalid(answer.error));
    const record = await records.read(id);
    if (record?.phase !== 'approval') return problemResponse(problem('NothingToApprove'));
    await engine.raiseEvent(instanceId, APPROVAL_EVENT, answer.data);
    return json(202, { id, approved: answer.data.approved }, { location: remediationAddress(request, id) });
  };
}
