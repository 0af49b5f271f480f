import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { modeSchema } from '../../shared/model/request.ts';
import { api, type RepairRequest } from '../api.ts';
import { CommandError } from '../command-error.ts';
import type { Ending } from '../exit-codes.ts';
import { finish } from '../finish.ts';
import { follow } from '../follow.ts';
import { interruption } from '../interrupt.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import type { Service } from '../service/service.ts';
import { askYes, isAttended } from '../terminal/ask.ts';
import { openProgress, type Progress } from '../terminal/progress.ts';
import { findVm } from '../vm.ts';
import { nameOf } from '../../shared/model/vm-id.ts';

export const repairOptionsSchema = wayOptionsSchema.extend({
  mode: modeSchema.optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  wait: z.boolean().default(true),
  json: z.boolean().default(false),
  operator: z.boolean().default(false),
  subscription: z.string().optional(),
  adminAddress: z.array(z.string()).default([]),
  restoreWay: z.string().optional(),
  acceptLoss: z.array(z.string()).default([]),
  keepDays: z.coerce.number().optional(),
  newRdpPort: z.coerce.number().optional(),
  legacyTls: z.boolean().optional(),
  peer: z.string().optional(),
});
export type RepairOptions = z.infer<typeof repairOptionsSchema>;

/** `repair <vm>`: asks for a remediation, and follows it to its end. */
export async function repair(named: string, options: RepairOptions): Promise<Ending> {
  const mode = options.dryRun ? 'rehearse' : options.mode;
  const progress = openProgress();
  return withService<Ending>(options, async (service) => {
    const vmId = await findVm(named, service, options.subscription);
    if (!(await mayBegin(vmId, mode, options, service))) return 'cancelled';
    const id = await begin(service, requestFor(vmId, mode, options), options, progress);
    if (!options.wait) {
      process.stdout.write(options.json ? `${JSON.stringify({ id, vmId })}\n` : `${id}\n`);
      return 'goesOn';
    }
    return finish(service, await follow(service, id, progress, options), options);
  });
}

/** A person is asked once before anything that may change the VM; a script says --yes. */
async function mayBegin(
  vmId: string,
  mode: RepairRequest['mode'],
  { yes }: RepairOptions,
  service: Service,
): Promise<boolean> {
  if (yes || mode === 'diagnose' || mode === 'rehearse') return true;
  const what =
    mode === 'online'
      ? `Repair ${nameOf(vmId)} through the VM agent, with a restart if a fix needs one?`
      : `Repair ${nameOf(vmId)}? It is taken offline only if nothing else works${service.way === 'local' ? ', and you are asked first' : ', and only if the policy allows it'}.`;
  if (!isAttended())
    throw new CommandError(
      'usage',
      `${what} This is not an interactive terminal, so there is no prompt.`,
      'Use --yes, or --dry-run, which changes nothing.',
    );
  process.stderr.write(`${vmId}\n`);
  return askYes(what, interruption());
}

function requestFor(vmId: string, mode: RepairRequest['mode'], options: RepairOptions): RepairRequest {
  const { adminAddress, restoreWay, acceptLoss, keepDays, newRdpPort, legacyTls, peer } = options;
  return {
    vmId,
    mode,
    options: {
      ...(adminAddress.length > 0 && { adminAddresses: adminAddress }),
      ...(acceptLoss.length > 0 && { acceptLosses: acceptLoss }),
      ...(restoreWay !== undefined && { restoreWay }),
      ...(keepDays !== undefined && { keepDays }),
      ...(newRdpPort !== undefined && { newRdpPort }),
      ...(legacyTls !== undefined && { legacyTls }),
      ...(peer !== undefined && { peerVmId: peer }),
    },
  };
}

/** Starts it, or joins what goes on on the VM already; waits where the concurrency limit is reached. Gives back its id. */
async function begin(
  service: Service,
  request: RepairRequest,
  { operator }: RepairOptions,
  progress: Progress,
): Promise<string> {
  const asOperator = operator || service.way === 'local';
  const accepted = await api.repair(service, request, {
    // Sent twice, it is started once.
    headers: { 'idempotency-key': randomUUID() },
    role: asOperator ? 'Operate' : 'Request',
  });
  const name = nameOf(request.vmId);
  if (accepted.status === 'joined')
    progress.say(
      `${name} is already being remediated: following that remediation, with its own mode and options.`,
    );
  if (accepted.id !== undefined) return accepted.id;
  progress.say(`${name} is queued: ${accepted.reason ?? 'the concurrency limit is reached'}.`);
  return startedLater(service, request.vmId, progress);
}

/** A queued request is started by the service itself; its remediation shows up on the VM's list. */
async function startedLater(service: Service, vmId: string, progress: Progress): Promise<string> {
  const signal = interruption();
  const known = new Set((await api.list(service, { vm: vmId })).remediations.map(({ id }) => id));
  for (;;) {
    progress.now(`${nameOf(vmId)}: queued`);
    await sleep(service.pollSeconds * 1000, undefined, { signal });
    const { remediations, queued } = await api.list(service, { vm: vmId });
    const started = remediations.find(({ id }) => !known.has(id));
    if (started) return started.id;
    if (queued.length === 0)
      throw new CommandError(
        'refused',
        'The request left the queue without starting a remediation.',
        'Run rdp-medic list to see why.',
      );
  }
}
