import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import type { Service } from './service.ts';

/** The words that choose a way. */
export const wayOptionsSchema = z.object({
  app: z.string().optional(),
  local: z.boolean().default(false),
  policy: z.string().optional(),
  evidence: z.string().optional(),
});
export type WayOptions = z.infer<typeof wayOptionsSchema>;

/** The service that the words choose: a deployed app, this machine, or the host that `rdp-medic start` runs. */
export async function openService({ app, local, policy, evidence }: WayOptions): Promise<Service> {
  if (app !== undefined && local)
    throw new CommandError('usage', '--app and --local cannot be used together.');
  if (!local && (policy ?? evidence) !== undefined)
    throw new CommandError(
      'usage',
      '--policy and --evidence can only be used with --local: an app has its own.',
    );
  if (local) return (await import('./local.ts')).openLocal({ policy, evidence });
  const address = app ?? process.env['RDP_MEDIC_APP'];
  if (address !== undefined) return (await import('./app.ts')).openApp(address);
  return (await import('./host.ts')).openStartedHost();
}

/** Does something with a service, and closes it whatever comes of it. */
export async function withService<T>(
  options: WayOptions,
  work: (service: Service) => Promise<T>,
): Promise<T> {
  const service = await openService(options);
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}
