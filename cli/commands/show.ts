import * as z from 'zod';
import { stepLines } from '../../local/terminal/step-lines.ts';
import { endingOf, type Ending } from '../exit-codes.ts';
import { questionText } from '../question.ts';
import { findRemediation, readRecord } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { WAY_WORDS } from '../service/service.ts';
import { endLines, planLines } from '../terminal/record-lines.ts';

export const showOptionsSchema = wayOptionsSchema.extend({ json: z.boolean().default(false) });

/** `show <remediation>`: plan, steps and end of one remediation. */
export async function show(
  named: string,
  { json, ...way }: z.infer<typeof showOptionsSchema>,
): Promise<Ending> {
  return withService<Ending>(way, async (service) => {
    const record = await readRecord(service, await findRemediation(service, named));
    const { question, steps } = record;
    const stream = process.stdout;
    const lines = json
      ? [JSON.stringify(record)]
      : [
          record.id,
          '',
          ...planLines(record, stream),
          '',
          ...steps.flatMap((step) => stepLines(record, step, { stream })),
          '',
          ...endLines(record, stream),
          ...(question
            ? [
                `${questionText(record, question)} The request expires at ${question.expiresAt}.`,
                `Approve with: rdp-medic approve${WAY_WORDS[service.way]} ${record.id}`,
              ]
            : []),
        ];
    stream.write(`${lines.join('\n')}\n`);
    return record.outcome ? endingOf(record.outcome.kind) : 'goesOn';
  });
}
