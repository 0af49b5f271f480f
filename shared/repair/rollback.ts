import { problem, type Problem } from '../errors.ts';
import type { Expected } from '../model/expected.ts';
import type { Inspection } from '../model/inspection.ts';
import type { Settings } from '../model/settings.ts';
import type { PlanRecord, RemediationRecord } from '../model/record.ts';
import type { Rollback, RollbackRequest } from '../model/rollback.ts';
import { differences } from './standing.ts';

/** Whether a person may go back from what this remediation left, by its record alone, and to which disk. `now` in milliseconds. */
export function judgeRollback(
  { id, endedAt, originalDisk }: Pick<RemediationRecord, 'id' | 'endedAt' | 'originalDisk'>,
  { acceptLoss }: RollbackRequest,
  now: number,
): { ok: true; disk: Rollback['disk'] } | { ok: false; problem: Problem } {
  if (endedAt === undefined) return refuse('NothingToRollBack', `${id} has not ended.`);
  if (!originalDisk) return refuse('NothingToRollBack', `${id} did not replace the OS disk of the VM.`);
  const { keptUntil, wayBack } = originalDisk;
  if (!wayBack)
    return refuse('NothingToRollBack', `The record of ${id} does not say in which state it left the VM.`);
  if (Date.parse(keptUntil) <= now)
    return refuse('NothingToRollBack', `The original OS disk was only kept until ${keptUntil}.`);
  if (Date.parse(acceptLoss) !== Date.parse(wayBack.writesSince))
    return refuse(
      'LossNotAccepted',
      `A rollback loses everything Windows wrote since ${wayBack.writesSince}, but the request accepts a loss since ${acceptLoss}. To roll back, send "acceptLoss": "${wayBack.writesSince}".`,
    );
  return { ok: true, disk: { ...originalDisk, wayBack } };
}

function refuse(code: 'NothingToRollBack' | 'LossNotAccepted', why: string): { ok: false; problem: Problem } {
  return { ok: false, problem: problem(code, why) };
}

/** In which ways a VM stands otherwise than it was left; that it was switched off and on since is nobody's loss. */
export function changedSince(leftAs: Expected, now: Expected): string[] {
  return differences({ ...leftAs, power: now.power }, now, false);
}

/** What a rollback does, for people. */
export function planOfRollback(
  vm: Inspection,
  { id, wayBack }: Rollback['disk'],
  { takeDown }: Pick<Settings, 'takeDown'>,
): PlanRecord {
  const only =
    takeDown === 'powerOff' ? ' Only if Azure requires the VM to be deallocated for the swap.' : '';
  return {
    lines: [
      `Take a snapshot of the OS disk ${vm.osDisk?.name ?? ''}, which ${vm.name} uses now.`,
      `${takeDown === 'powerOff' ? 'Power off' : 'Deallocate'} ${vm.name}, swap in ${id}, start the VM, and check that Windows starts. The current disk is kept.`,
    ],
    downtime: 'About 5 minutes.',
    losses: [
      `Everything Windows wrote since ${wayBack.writesSince}. It stays on the current disk of ${vm.name}.`,
      `Data on the temporary disk, if the VM size has one.${only}`,
      ...vm.nics.flatMap(({ publicAddress, dynamicPublicAddress }) =>
        publicAddress !== null && dynamicPublicAddress
          ? [`The dynamic public address ${publicAddress}.${only}`]
          : [],
      ),
    ],
  };
}
