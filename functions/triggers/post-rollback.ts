import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { instanceIdOf, instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { remediationRequestSchema, type RemediationInput } from '../../shared/model/request.ts';
import { rollbackRequestSchema, type RollbackRequest } from '../../shared/model/rollback.ts';
import { admitRollback } from './admit-rollback.ts';
import { answerStart } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive } from './engine.ts';
import { problemResponse, readBody, type Call, type Handler } from './http.ts';
import { logEvent } from './log.ts';
import { takePlace } from './places.ts';
import { sourceOf } from './source-of.ts';
import { launch, newInput, WAIT_SECONDS } from './start.ts';

/** The name under which the orchestration is registered. */
const ROLL_BACK = 'rollBack';

/**
 * `POST /api/remediations/{id}/rollback`: a person gives up what was written since that remediation put a repaired disk under the VM,
 * and goes back to the one from before. A remediation of its own, on the instance of the VM: nothing else goes on there meanwhile.
 */
export function postRollback(deps: TriggerDependencies): Handler {
  return async (call) => {
    const { request } = call;
    const id = request.params['id'] ?? '';
    const body = await readBody(request);
    if (!body.ok) return problemResponse(body.problem);
    const asked = rollbackRequestSchema.safeParse(body.value);
    if (!asked.success) return problemResponse(invalid(asked.error));
    const record = instanceOfRemediation(id) === undefined ? undefined : await deps.records.read(id);
    if (!record) return problemResponse(problem('NotFound', 'There is no remediation with this id.'));
    return goBack(deps, call, record, asked.data);
  };
}

async function goBack(
  deps: TriggerDependencies,
  call: Call,
  record: RemediationRecord,
  asked: RollbackRequest,
): Promise<HttpResponseInit> {
  const { engine, context } = call;
  const vmId = record.vm.id;
  const active = await findActive(engine, instanceIdOf(vmId));
  if (active) return joinOrRefuse(call, record, active);
  const admission = await admitRollback(deps, record, asked);
  if (!admission.ok) {
    logEvent(context, 'rollback-refused', { id: record.id, code: admission.problem.code });
    return problemResponse(admission.problem);
  }
  if (!(await takePlace(engine, deps, vmId)))
    return problemResponse({ ...problem('NoPlace'), retryAfterSeconds: WAIT_SECONDS });
  const attempt = (await deps.records.attempts(vmId)).length + 1;
  const { keepDays } = record.request.options;
  const request = remediationRequestSchema.parse({
    vmId,
    source: sourceOf(call.caller),
    options: { keepDays },
  });
  const by = call.caller.principal?.name ?? asked.by;
  const input = {
    ...newInput(deps, request, attempt, 'not-needed'),
    rollback: { of: record.id, disk: admission.disk, ...(by !== undefined && { by }) },
  };
  const running = await launch(engine, deps, ROLL_BACK, input);
  if (running.remediationId !== input.remediationId) return joinOrRefuse(call, record, running);
  logEvent(context, 'rollback-started', { id: input.remediationId, of: record.id });
  return answerStart(call.request, { status: 'started', vmId, remediationId: input.remediationId });
}

/** The same call twice goes back once. */
function joinOrRefuse(
  { request }: Call,
  { id, vm }: RemediationRecord,
  active: RemediationInput,
): HttpResponseInit {
  const { remediationId, rollback } = active;
  if (rollback?.of === id) return answerStart(request, { status: 'joined', vmId: vm.id, remediationId });
  return problemResponse(problem('VmBusy', `The remediation ${remediationId} is running on this VM.`));
}
