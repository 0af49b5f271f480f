import * as z from 'zod';
import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { modeSchema, type Mode } from '../../shared/model/request.ts';
import { vmIdSchema } from '../../shared/model/vm-id.ts';
import { capOf, sourceNameSchema, type SourceName } from '../../shared/repair/policy/caps.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { countRunning, gatherFacts } from './admit.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { isOver } from './engine.ts';
import { json, problemResponse, type Call, type Handler } from './http.ts';

export const explainQuerySchema = z.object({
  vm: vmIdSchema
    .optional()
    .describe('Resource id of a VM; without it, the limits of the source are returned.'),
  mode: modeSchema.optional().describe('The mode to check; default: what the source gets.'),
  source: sourceNameSchema
    .default('caller')
    .describe('Who would request it: caller, operator, alert, ticket, ticket:<connector>, queue.'),
});

/**
 * `GET /api/policy/explain?vm=…&mode=…&source=…`: why a VM would or would not be repaired now, rule by rule; without a VM, the most that
 * the source may ask for and what it gets where it does not say.
 */
export function explainPolicy(deps: TriggerDependencies): Handler {
  return async (call) => {
    const query = explainQuerySchema.safeParse(Object.fromEntries(call.request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    const { vm, mode, source } = query.data;
    const cap = capOf(deps.policy.sources, source);
    const defaults = defaultsFor(deps.policy, source);
    if (vm === undefined) return json(200, { source, policy: deps.policyVersion, cap, defaults });
    return explainVm(deps, call, { vmId: vm, mode: mode ?? defaults.mode, source });
  };
}

async function explainVm(
  deps: TriggerDependencies,
  { engine }: Call,
  { vmId, mode, source }: { vmId: string; mode: Mode; source: SourceName },
): ReturnType<Handler> {
  const vm = await deps.vms.find(vmId);
  if (!vm) return problemResponse(problem('VmNotFound'));
  const earlier = await deps.records.attempts(vmId);
  const { options } = deps.policy.defaults;
  const running = await countRunning(deps, vmId, (id) => isOver(engine, id));
  const facts = await gatherFacts(deps, { vmId, mode, options, source }, vm, earlier, running);
  const { decision, decidedBy, verdicts } = explain(deps.policy, facts);
  return json(200, {
    vmId,
    mode,
    source,
    decision,
    ...(decidedBy ? { decidedBy: decidedBy.rule } : {}),
    verdicts,
    // Not rules, but what a start is refused for all the same.
    vm: { osType: vm.osType, powerState: vm.powerState },
  });
}
