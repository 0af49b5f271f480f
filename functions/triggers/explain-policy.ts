import { z } from 'zod';
import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { modeSchema } from '../../shared/model/request.ts';
import { vmIdSchema } from '../../shared/model/vm-id.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { gatherFacts } from './admit.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { isOver } from './engine.ts';
import { json, problemResponse, type Handler } from './http.ts';

export const explainQuerySchema = z.object({ vm: vmIdSchema, mode: modeSchema.optional() });

/** `GET /api/policy/explain?vm=…&mode=…`: why a VM would or would not be repaired now, rule by rule. */
export function explainPolicy(deps: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const query = explainQuerySchema.safeParse(Object.fromEntries(request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    const { vm: vmId, mode = deps.policy.defaults.mode } = query.data;
    const vm = await deps.vms.find(vmId);
    if (!vm) return problemResponse(problem('VmNotFound'));
    const earlier = await deps.records.attempts(vmId);
    const facts = await gatherFacts(deps, { vmId, mode }, vm, earlier, (id) => isOver(engine, id));
    const { decision, decidedBy, verdicts } = explain(deps.policy, facts);
    return json(200, {
      vmId,
      mode,
      decision,
      ...(decidedBy ? { decidedBy: decidedBy.rule } : {}),
      verdicts,
      // Not rules, but what a start is refused for all the same.
      vm: { osType: vm.osType, powerState: vm.powerState },
    });
  };
}
