import * as z from 'zod';
import { paint } from '../../local/terminal/screen.ts';
import type { ExplainAnswer } from '../../shared/model/answers.ts';
import { modeSchema } from '../../shared/model/request.ts';
import { api } from '../api.ts';
import type { Ending } from '../exit-codes.ts';
import { nameOf } from '../../shared/model/vm-id.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { findVm } from '../vm.ts';

export const policyExplainOptionsSchema = wayOptionsSchema.extend({
  mode: modeSchema.optional(),
  source: z.string().optional(),
  subscription: z.string().optional(),
  json: z.boolean().default(false),
});

/** `policy explain <vm>`: why a VM would or would not be repaired now, rule by rule. */
export async function policyExplain(
  named: string,
  { mode, source, subscription, json, ...way }: z.infer<typeof policyExplainOptionsSchema>,
): Promise<Ending> {
  return withService<Ending>(way, async (service) => {
    const vm = await findVm(named, service, subscription);
    // Whoever repairs with rights of their own is an operator.
    const asked = source ?? (service.way === 'local' ? 'operator' : undefined);
    const answer = await api.explain(service, { vm, mode, source: asked });
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${explainLines(answer).join('\n')}\n`);
    return answer.decision === 'refused' ? 'refused' : 'done';
  });
}

const DECISIONS: Readonly<Record<ExplainAnswer['decision'], string>> = {
  allowed: 'would be repaired now',
  'allowed-after-approval': 'would be repaired now, with approval before any downtime',
  wait: 'would wait',
  refused: 'would be refused',
};

/** The decision, then what each rule says; the one that decided is marked. */
export function explainLines({
  vmId,
  mode,
  source,
  decision,
  decidedBy,
  verdicts,
  vm,
}: ExplainAnswer): string[] {
  const width = Math.max(...verdicts.map(({ rule }) => rule.length));
  return [
    `${paint('bold', nameOf(vmId))} (${vm.osType}, ${vm.powerState}) ${DECISIONS[decision]}, mode ${mode}, requested by ${source}.`,
    ...verdicts.map(
      ({ rule, verdict, reason }) =>
        `${rule === decidedBy ? '>' : ' '} ${rule.padEnd(width)}  ${verdict.padEnd(7)}  ${reason}`,
    ),
  ];
}
