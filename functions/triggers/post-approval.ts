import { problem, type Problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { approvalEvent, approvalRequestSchema, type Approval } from '../../shared/model/approval.ts';
import { isSamePrincipal, type Caller, type Principal } from '../../shared/model/principal.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { instanceGoingOn } from './engine.ts';
import { json, problemResponse, readBody, type Handler } from './http.ts';

/** Whoever holds the approvers' secret, which is not a person. */
const BY_KEY = 'someone with the approver secret';

/** `POST /api/remediations/{id}/approval`: a person says whether the VM may be restarted, or taken offline, by the plan that is named. */
export function postApproval({ records, control, policy, clock }: TriggerDependencies): Handler {
  return async ({ request, engine, caller }) => {
    const id = request.params['id'] ?? '';
    const instanceId = await instanceGoingOn(engine, id);
    if (instanceId === undefined)
      return problemResponse(problem('NotFound', 'No remediation with this id is running.'));
    const body = await readBody(request);
    if (!body.ok) return problemResponse(body.problem);
    const asked = approvalRequestSchema.safeParse(body.value);
    if (!asked.success) return problemResponse(invalid(asked.error));
    const record = await records.read(id);
    const { question } = record ?? {};
    if (record?.phase !== 'approval' || !question) return problemResponse(problem('NothingToApprove'));
    if (question.plan !== asked.data.plan || Date.parse(question.expiresAt) <= clock.now())
      return problemResponse(problem('PlanNotAsked'));
    const no = whyNotBy(caller, record);
    if (no) return problemResponse(no);

    const location = { location: remediationAddress(request, id) };
    let answer = answerOf(asked.data.approved, caller.principal ? [caller.principal] : []);
    if (answer.approved && policy.approval.approvers === 2 && caller.principal) {
      const first = await control.firstOfTwo(id, question.plan, caller.principal);
      if (isSamePrincipal(first, caller.principal))
        return json(202, { id, status: 'waits-for-another-approver' }, location);
      answer = answerOf(true, [first, caller.principal]);
    }
    const counts = await control.decide(id, question.plan, answer);
    if (counts.approved !== answer.approved || counts.by !== answer.by)
      return problemResponse(
        problem('NothingToApprove', 'It was already answered; the first answer counts.'),
      );
    await engine.raiseEvent(instanceId, approvalEvent(question.about), {});
    return json(202, { id, approved: answer.approved }, location);
  };
}

/** Why this caller may not answer; a no is anybody's who may approve at all. */
function whyNotBy({ isApp, principal }: Caller, { request }: RemediationRecord): Problem | undefined {
  if (isApp) return problem('RoleMissing', 'Applications cannot approve: a person must sign in.');
  const requester = request.source.by;
  return requester && principal && isSamePrincipal(requester, principal) ? problem('OwnRequest') : undefined;
}

function answerOf(approved: boolean, principals: Principal[]): Approval {
  const names = principals.map(({ name, oid }) => (name === oid ? oid : `${name} (${oid})`));
  return { approved, by: names.join(' and ') || BY_KEY, principals };
}
