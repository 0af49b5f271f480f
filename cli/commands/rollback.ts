import * as z from 'zod';
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
        `${id} kept no disk to roll back to.`,
        'For other changes and how to undo them, see: rdp-medic report.',
      );
    const text = `Roll ${vm.name} back to the OS disk ${originalDisk?.id ?? ''}? This needs downtime, and everything Windows wrote since ${since} is lost.`;
    if (acceptLoss === undefined && !yes) {
      if (!isAttended())
        throw new CommandError(
          'usage',
          `${text} This is not an interactive terminal, so there is no prompt.`,
          `Pass --accept-loss ${since}.`,
        );
      if (!(await askYes(text, interruption()))) return 'cancelled';
    }
    const started = await api.rollback(service, id, { acceptLoss: acceptLoss ?? since, by });
    if (started.id === undefined) throw new CommandError('goesOn', 'The rollback is queued.');
    return finish(service, await follow(service, started.id, progress, { yes }), { json });
  });
}
