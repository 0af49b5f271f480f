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
  if (!originalDisk) return refuse('NothingToRollBack', `${id} left the VM on the disk that it had.`);
  const { keptUntil, wayBack } = originalDisk;
  if (!wayBack) return refuse('NothingToRollBack', `${id} does not tell how it left the VM.`);
  if (Date.parse(keptUntil) <= now)
    return refuse('NothingToRollBack', `The disk from before was kept until ${keptUntil}.`);
  if (Date.parse(acceptLoss) !== Date.parse(wayBack.writesSince))
    return refuse(
      'LossNotAccepted',
      `Going back gives up everything that Windows wrote since ${wayBack.writesSince}; accepted was a loss since ${acceptLoss}. To go back, send "acceptLoss": "${wayBack.writesSince}".`,
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
  const only = takeDown === 'powerOff' ? ' Only where Azure wants the VM deallocated for the swap.' : '';
  return {
    lines: [
      `Take a snapshot of the OS disk ${vm.osDisk?.name ?? ''}, on which ${vm.name} is now.`,
      `${takeDown === 'powerOff' ? 'Power off' : 'Deallocate'} ${vm.name}, swap ${id} in, start it, and look whether Windows comes up. The disk on which it is now is kept.`,
    ],
    downtime: 'About 5 minutes.',
    losses: [
      `What Windows wrote since ${wayBack.writesSince}: it stays on the disk on which ${vm.name} is now.`,
      `What lies on the temporary disk, if the size has one.${only}`,
      ...vm.nics.flatMap(({ publicAddress, dynamicPublicAddress }) =>
        publicAddress !== null && dynamicPublicAddress
          ? [`The dynamic public address ${publicAddress}.${only}`]
          : [],
      ),
    ],
  };
}
