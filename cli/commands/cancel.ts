import * as z from 'zod';
import { api } from '../api.ts';
import type { Ending } from '../exit-codes.ts';
import { finish } from '../finish.ts';
import { follow } from '../follow.ts';
import { findRemediation } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import { openProgress } from '../terminal/progress.ts';

export const cancelOptionsSchema = wayOptionsSchema.extend({
  leaveStopped: z.boolean().default(false),
  by: z.string().optional(),
  wait: z.boolean().default(true),
  json: z.boolean().default(false),
});

/** `cancel <remediation>`: it ends at its next safe point, and what was done is taken back. */
export async function cancel(named: string, options: z.infer<typeof cancelOptionsSchema>): Promise<Ending> {
  const { leaveStopped, by, wait, json, ...way } = options;
  const progress = openProgress();
  return withService<Ending>(way, async (service) => {
    const id = await findRemediation(service, named);
    const answer = await api.cancel(service, id, { leaveStopped, by });
    progress.say(
      `${id} is being cancelled: it stops at the next safe point, and the changes made so far are undone.`,
    );
    if (!wait) {
      if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
      return 'goesOn';
    }
    const followed = await follow(service, id, progress, { yes: false, onlyLook: true });
    const ending = await finish(service, followed, { json });
    // What was asked for was done.
    return ending === 'cancelled' ? 'done' : ending;
  });
}
