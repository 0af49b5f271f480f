import * as z from 'zod';
import { api } from '../api.ts';
import { CommandError } from '../command-error.ts';
import type { Ending } from '../exit-codes.ts';
import { interruption } from '../interrupt.ts';
import { questionText } from '../question.ts';
import { findRemediation, readRecord } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { WAY_WORDS } from '../service/service.ts';
import { askYes, isAttended } from '../terminal/ask.ts';
import { planLines } from '../terminal/record-lines.ts';

export const approveOptionsSchema = wayOptionsSchema.extend({
  deny: z.boolean().default(false),
  plan: z.string().optional(),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `approve <remediation>`: shows the plan that is asked for, and answers for that very plan. */
export async function approve(named: string, options: z.infer<typeof approveOptionsSchema>): Promise<Ending> {
  const { deny, plan, yes, json, ...way } = options;
  return withService<Ending>(way, async (service) => {
    const record = await readRecord(service, await findRemediation(service, named));
    const { question, id } = record;
    if (!question)
      throw new CommandError(
        'failed',
        `${record.vm.name} is not waiting for approval.`,
        `See: rdp-medic show ${id}`,
      );
    const text = questionText(record, question);
    if (!json) for (const line of planLines(record, process.stderr)) process.stderr.write(`${line}\n`);
    if (!deny && !yes && plan === undefined) {
      if (!isAttended())
        throw new CommandError(
          'usage',
          `${text} This is not an interactive terminal, so there is no prompt.`,
          `Pass --plan ${question.plan} to approve this plan, or --yes.`,
        );
      if (!(await askYes(text, interruption()))) return 'cancelled';
    }
    const answer = await api.approve(service, id, { approved: !deny, plan: plan ?? question.plan });
    if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
    else
      process.stdout.write(
        `${wordOf(answer)} Follow it with: rdp-medic watch${WAY_WORDS[service.way]} ${id}\n`,
      );
    return answer.status === undefined ? 'done' : 'goesOn';
  });
}

function wordOf({ approved, status }: Awaited<ReturnType<typeof api.approve>>): string {
  if (status !== undefined) return 'Approved. A second person must approve as well.';
  return approved === true ? 'Approved.' : 'Denied: the changes made so far are being undone.';
}
