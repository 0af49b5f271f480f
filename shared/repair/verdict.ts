import { somethingStays } from './changes-left.ts';
import type { OutcomeKind, RemediationRecord } from '../model/record.ts';

/** One sentence for each outcome, for the head of the report. */
export function summarize(kind: OutcomeKind, record: RemediationRecord, policy: string | undefined): string {
  const { name } = record.vm;
  switch (kind) {
    case 'repaired-online':
      return `RDP on ${name} works again. It was repaired while the VM was running.`;
    case 'repaired-offline':
      return `RDP on ${name} works again. A copy of its OS disk was repaired and swapped in.`;
    case 'healthy':
      return record.probeAfter?.state === 'filtered'
        ? `RDP on ${name} works inside Windows but cannot be reached from the service. Nothing was changed.`
        : `RDP on ${name} is healthy. Nothing was changed.`;
    case 'diagnosed':
      return isRehearsed(record)
        ? `The offline repair of ${name} was rehearsed on a copy of its disk. The plan shows what would be done.${wouldBeDown(record)} Nothing was changed.`
        : `${name} was diagnosed. Nothing was changed.`;
    case 'refused':
      return `Nothing was changed: ${record.refusals.map(({ message }) => message).join(' ')}`;
    case 'set-by-policy':
      return `TLS on ${name} is disabled again at every policy refresh by ${policy ? `the Group Policy ${policy}` : 'a Group Policy'}. Change the policy in Active Directory.`;
    case 'not-fixed':
      if (record.originalDisk)
        return `RDP on ${name} does not respond, although Windows started from the repaired copy of its OS disk. The VM keeps that disk, so nothing written since is lost. The original disk is kept, so you can roll back.`;
      return `RDP on ${name} does not respond; ${refusedSwap(record) ?? notAsRehearsed(record) ?? notRehearsed(record) ?? 'every allowed repair was tried'}, and ${standing(record)}.`;
    case 'failed':
      return `${workOf(record)} of ${name} failed: ${record.errors.at(-1)?.message ?? 'unknown error'}${somethingStays(record.changes ?? []) ? ` ${countStaying(record)}.` : ''}`;
    case 'cancelled':
      return `${workOf(record)} of ${name} was cancelled${record.cancelled?.by === undefined ? '' : ` by ${record.cancelled.by}`}; ${standing(record)}${record.cancelled?.leaveStopped ? ', and it was left stopped' : ''}.`;
    case 'rolled-back':
      return `${name} was rolled back to its original OS disk${givenUp(record)}.`;
  }
}

/** How the VM is after a repair that did not succeed: a clause. In numbers alone, since tickets show it and a guest has words in the list. */
function standing(record: RemediationRecord): string {
  const { changes = [] } = record;
  if (somethingStays(changes)) return countStaying(record);
  return changes.length === 0 ? 'the VM is unchanged' : 'the VM is unchanged, apart from restarts';
}

function countStaying({ changes = [] }: RemediationRecord): string {
  const count = changes.filter(({ takeBack }) => takeBack !== '').length;
  return `${count === 1 ? '1 change remains' : `${String(count)} changes remain`} (the report lists what, and how to undo it)`;
}

function workOf({ rollback }: RemediationRecord): string {
  return rollback ? 'The rollback' : 'The repair';
}

/** The interval, and where what was written in it still is. */
function givenUp({ rollback, originalDisk, snapshot }: RemediationRecord): string {
  if (!rollback) return '';
  const until = rollback.downAt === undefined ? '' : ` until ${rollback.downAt}`;
  const since = rollback.disk.wayBack.writesSince;
  const where = originalDisk
    ? `. It is still on the disk ${originalDisk.id}, kept until ${originalDisk.keptUntil}${snapshot ? `, and, except for the last minutes, in the snapshot ${snapshot.id}` : ''}`
    : '';
  return `. Everything Windows wrote from ${since}${until} is lost to the VM${where}`;
}

/** Why a repaired copy did not get under the VM. */
function refusedSwap({ errors }: RemediationRecord): string | undefined {
  const refused = errors.find(({ code }) => code === 'SwapRefused');
  return refused && `Azure refused to swap in the repaired copy of its disk (${refused.message})`;
}

function wouldBeDown({ rehearsed }: RemediationRecord): string {
  return rehearsed
    ? ` The VM would be down for about ${Math.ceil(rehearsed.downtimeSeconds / 60)} minutes.`
    : '';
}

function isRehearsed({ steps }: RemediationRecord): boolean {
  return steps.some(({ id, state }) => id === 'rehearsal' && state === 'done');
}

/** Why the VM came up again without having been repaired. */
function notAsRehearsed({ errors }: RemediationRecord): string | undefined {
  const changed = errors.find(({ code }) => code === 'PlanChanged');
  return changed && `its disk was different from the rehearsal (${changed.message})`;
}

/** Why the VM was never taken down. */
function notRehearsed({ steps }: RemediationRecord): string | undefined {
  const { error } = steps.find(({ id }) => id === 'rehearsal') ?? {};
  return error && `it was not taken down, because the rehearsal failed (${error.message})`;
}
