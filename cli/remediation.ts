import type { SummaryAnswer } from '../shared/model/answers.ts';
import type { RemediationRecord } from '../shared/model/record.ts';
import { instanceOfRemediation } from '../shared/model/remediation-id.ts';
import { parseVmId } from '../shared/model/vm-id.ts';
import { api } from './api.ts';
import { CommandError } from './command-error.ts';
import type { Service } from './service/service.ts';
import { nameOf } from '../shared/model/vm-id.ts';

/** The most that a list holds. */
const ALL = 500;

/**
 * The id of a remediation that somebody names: by its id, or by the VM's id or name, then the newest on it.
 * @throws CommandError `failed` where there is none, `usage` where VMs of several groups have that name
 */
export async function findRemediation(service: Service, named: string): Promise<string> {
  if (instanceOfRemediation(named) !== undefined) return named;
  const vm = parseVmId(named)?.id;
  const { remediations } = await api.list(service, vm === undefined ? { limit: ALL } : { vm, limit: 1 });
  const found = vm === undefined ? remediations.filter(isOf(named)) : remediations;
  const vms = new Set(found.map(({ vmId }) => vmId));
  if (vms.size > 1)
    throw new CommandError(
      'usage',
      `Several VMs are called ${named}.`,
      `Use one of these: ${[...vms].join(' ')}`,
    );
  const [newest] = found;
  if (!newest)
    throw new CommandError(
      'failed',
      `${service.name} has no remediation of ${named}.`,
      'Run rdp-medic list to see all.',
    );
  return newest.id;
}

/** The record of a remediation. @throws CommandError `goesOn` while it has none */
export async function readRecord(service: Service, id: string): Promise<RemediationRecord> {
  const record = await api.record(service, id);
  if (!record) throw new CommandError('goesOn', `${id} has just been started.`, 'Try again in a moment.');
  return record;
}

function isOf(name: string): (one: SummaryAnswer) => boolean {
  return ({ vmId }) => nameOf(vmId).toLowerCase() === name.toLowerCase();
}
