import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { APPROVAL_EVENT, approvalSchema } from '../../shared/model/approval.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { instanceGoingOn } from './engine.ts';
import { json, problemResponse, readBody, type Handler } from './http.ts';

/** `POST /api/remediations/{id}/approval`: a person says whether the VM may be taken offline. */
export function postApproval({ records, control }: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const id = request.params['id'] ?? '';
    const instanceId = await instanceGoingOn(engine, id);
    if (instanceId === undefined)
      return problemResponse(problem('NotFound', 'No remediation of this id goes on.'));
    const body = await readBody(request);
    if (!body.ok) return problemResponse(body.problem);
    const answer = approvalSchema.safeParse(body.value);
    if (!answer.success) return problemResponse(invalid(answer.error));
    const record = await records.read(id);
    if (record?.phase !== 'approval') return problemResponse(problem('NothingToApprove'));
    const counts = await control.decide(id, answer.data);
    if (counts.approved !== answer.data.approved || counts.by !== answer.data.by)
      return problemResponse(
        problem('NothingToApprove', 'It was answered already; the first answer counts.'),
      );
    await engine.raiseEvent(instanceId, APPROVAL_EVENT, {});
    return json(202, { id, approved: answer.data.approved }, { location: remediationAddress(request, id) });
  };
}
