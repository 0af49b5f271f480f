import * as z from 'zod';
import { paint, table } from '../../local/terminal/screen.ts';
import { timeOf } from '../../local/terminal/step-lines.ts';
import { outcomeKindSchema } from '../../shared/model/record.ts';
import type { ListAnswer, SummaryAnswer } from '../../shared/model/answers.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import { OUTCOMES, PHASES } from '../../shared/report/labels.ts';
import { api } from '../api.ts';
import type { Ending } from '../exit-codes.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { WAY_WORDS } from '../service/service.ts';
import { nameOf } from '../../shared/model/vm-id.ts';

export const listOptionsSchema = wayOptionsSchema.extend({
  vm: z.string().optional(),
  outcome: outcomeKindSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  json: z.boolean().default(false),
});

/** `list`: remediations, the newest first, requests that wait, and poison messages. */
export async function list({
  vm,
  outcome,
  limit,
  json,
  ...way
}: z.infer<typeof listOptionsSchema>): Promise<Ending> {
  return withService<Ending>(way, async (service) => {
    const isId = vm?.startsWith('/') === true;
    const answer = await api.list(service, { vm: isId ? vm : undefined, outcome, limit });
    const shown = isId || vm === undefined ? answer : ofName(answer, vm);
    process.stdout.write(json ? `${JSON.stringify(shown)}\n` : linesOf(shown).join('\n') + '\n');
    const broken = shown.remediations.find(({ endedAt }) => endedAt === undefined);
    if (!json && service.way === 'local' && broken)
      process.stdout.write(
        `\nResume what has not ended with: rdp-medic watch${WAY_WORDS.local} ${broken.id}\n`,
      );
    return 'done';
  });
}

function ofName({ remediations, queued, poison }: ListAnswer, name: string): ListAnswer {
  const is = ({ vmId }: { vmId: string }): boolean => nameOf(vmId).toLowerCase() === name.toLowerCase();
  const own = remediations.filter(is);
  return { remediations: own, total: own.length, queued: queued.filter(is), poison };
}

function linesOf({ remediations, queued, poison }: ListAnswer): string[] {
  const head = ['VM', 'group', 'started', 'took', 'status', 'id'];
  return [
    ...(remediations.length === 0 ? ['No remediations.'] : [table(head, remediations.map(rowOf))]),
    ...(queued.length === 0 ? [] : ['', paint('bold', 'Queued')]),
    ...queued.map(({ vmId, since, reason }) => `${nameOf(vmId)}, since ${since}: ${reason}`),
    ...(poison.length === 0 ? [] : ['', paint('bold', 'Poison messages')]),
    ...poison.map(
      ({ at, queue, problem: { code, message } }) => `${at}, queue ${queue}: ${code}: ${message}`,
    ),
  ];
}

function rowOf({ id, vmId, phase, outcome, startedAt, endedAt }: SummaryAnswer): string[] {
  return [
    nameOf(vmId),
    parseVmId(vmId)?.resourceGroup ?? '',
    `${startedAt.slice(0, 16).replace('T', ' ')}Z`,
    endedAt === undefined ? '' : timeOf(startedAt, endedAt),
    outcome === undefined ? PHASES[phase] : OUTCOMES[outcome].text,
    id,
  ];
}
