import * as z from 'zod';
import { api } from '../api.ts';
import { CommandError } from '../command-error.ts';
import type { Ending } from '../exit-codes.ts';
import { finish } from '../finish.ts';
import { follow } from '../follow.ts';
import { findRemediation } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import type { Service } from '../service/service.ts';
import { openProgress } from '../terminal/progress.ts';
import { nameOf } from '../../shared/model/vm-id.ts';

export const watchOptionsSchema = wayOptionsSchema.extend({
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `watch [remediation]`: follows what goes on; with --local it carries on what was broken off. */
export async function watch(
  named: string | undefined,
  options: z.infer<typeof watchOptionsSchema>,
): Promise<Ending> {
  const progress = openProgress();
  return withService<Ending>(options, async (service) => {
    const id = await (named === undefined ? theOneThatGoesOn(service) : findRemediation(service, named));
    if (id === undefined) {
      process.stdout.write('Nothing is running.\n');
      return 'done';
    }
    return finish(service, await follow(service, id, progress, options), options);
  });
}

async function theOneThatGoesOn(service: Service): Promise<string | undefined> {
  const { remediations } = await api.list(service);
  const running = remediations.filter(({ endedAt }) => endedAt === undefined);
  if (running.length > 1)
    throw new CommandError(
      'usage',
      `${running.length} remediations are running:\n${running.map(({ id, vmId }) => `  ${nameOf(vmId)}  ${id}`).join('\n')}`,
      'Name one of them.',
    );
  return running[0]?.id;
}
