import { z } from 'zod';
import { api } from '../api.ts';
import { CommandError } from '../command-error.ts';
import type { Ending } from '../exit-codes.ts';
import { finish } from '../finish.ts';
import { follow } from '../follow.ts';
import { interruption } from '../interrupt.ts';
import { findRemediation, readRecord } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { askYes, isAttended } from '../terminal/ask.ts';
import { openProgress } from '../terminal/progress.ts';

export const rollbackOptionsSchema = wayOptionsSchema.extend({
  acceptLoss: z.string().optional(),
  by: z.string().optional(),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `rollback <remediation>`: puts the disk back that the VM had before, and gives up what was written since. */
export async function rollback(
  named: string,
  options: z.infer<typeof rollbackOptionsSchema>,
): Promise<Ending> {
  const { acceptLoss, by, yes, json, ...way } = options;
  const progress = openProgress();
  return withService<Ending>(way, async (service) => {
    const record = await readRecord(service, await findRemediation(service, named));
    const { vm, originalDisk, id } = record;
    const since = originalDisk?.wayBack?.writesSince;
    if (since === undefined)
      throw new CommandError(
        'refused',
        `${id} has kept no disk to go back to.`,
        'What else was changed, and how to take it back: rdp-medic report.',
      );
    const text = `Put ${originalDisk?.id ?? ''} back under ${vm.name}? It goes down for that, and what Windows wrote since ${since} is given up.`;
    if (acceptLoss === undefined && !yes) {
      if (!isAttended())
        throw new CommandError('usage', `${text} Nobody is here to be asked.`, `Say --accept-loss ${since}.`);
      if (!(await askYes(text, interruption()))) return 'cancelled';
    }
    const started = await api.rollback(service, id, { acceptLoss: acceptLoss ?? since, by });
    if (started.id === undefined) throw new CommandError('goesOn', 'The rollback is queued.');
    return finish(service, await follow(service, started.id, progress, { yes }), { json });
  });
}
