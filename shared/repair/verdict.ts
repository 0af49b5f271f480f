import { somethingStays } from './changes-left.ts';
import type { OutcomeKind, RemediationRecord } from '../model/record.ts';

/** One sentence for each outcome, for the head of the report. */
export function summarize(kind: OutcomeKind, record: RemediationRecord, policy: string | undefined): string {
  const { name } = record.vm;
  switch (kind) {
    case 'repaired-online':
      return `RDP on ${name} answers again; it was repaired while the VM ran.`;
    case 'repaired-offline':
      return `RDP on ${name} answers again; a copy of its OS disk was repaired and put under the VM.`;
    case 'healthy':
      return record.probeAfter?.state === 'filtered'
        ? `RDP on ${name} answers inside Windows and cannot be reached from the service; nothing was changed.`
        : `RDP on ${name} answers as it should; nothing was changed.`;
    case 'diagnosed':
      return isRehearsed(record)
        ? `The offline repair of ${name} was rehearsed on a copy of its disk: the plan tells what would be done.${wouldBeDown(record)} Nothing was changed.`
        : `${name} was diagnosed; nothing was changed.`;
    case 'refused':
      return `Nothing was touched: ${record.refusals.map(({ message }) => message).join(' ')}`;
    case 'set-by-policy':
      return `TLS on ${name} is switched off again at every refresh by ${policy ? `the Group Policy ${policy}` : 'a Group Policy'}: it must be changed in Active Directory.`;
    case 'not-fixed':
      if (record.originalDisk)
        return `RDP on ${name} does not answer, although Windows came up on the repaired copy of its OS disk. The VM stays on it, so that nothing written since is lost; the original disk is kept, and a person may go back to it.`;
      return `RDP on ${name} does not answer; ${refusedSwap(record) ?? notAsRehearsed(record) ?? notRehearsed(record) ?? 'everything allowed was tried'}, and ${standing(record)}.`;
    case 'failed':
      return `${workOf(record)} of ${name} failed: ${record.errors.at(-1)?.message ?? 'unknown error'}${somethingStays(record.changes ?? []) ? ` Of what was done, ${countStaying(record)}.` : ''}`;
    case 'cancelled':
      return `${workOf(record)} of ${name} was cancelled${record.cancelled?.by === undefined ? '' : ` by ${record.cancelled.by}`}; ${standing(record)}${record.cancelled?.leaveStopped ? ', and it was left stopped' : ''}.`;
    case 'rolled-back':
      return `${name} is back on the OS disk that it had before${givenUp(record)}.`;
  }
}

/** How the VM is after a repair that did not succeed: a clause. In numbers alone, since tickets show it and a guest has words in the list. */
function standing(record: RemediationRecord): string {
  const { changes = [] } = record;
  if (somethingStays(changes)) return `of what was changed, ${countStaying(record)}`;
  return changes.length === 0
    ? 'the VM is as it was found'
    : 'the VM is as it was found, but for restarts on the way';
}

function countStaying({ changes = [] }: RemediationRecord): string {
  const count = changes.filter(({ takeBack }) => takeBack !== '').length;
  return `${count === 1 ? '1 thing stays' : `${String(count)} things stay`}: the report names what, and how to undo it`;
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
    ? `: it is still on the disk ${originalDisk.id}, kept until ${originalDisk.keptUntil}${snapshot ? `, and, but for the last minutes, in the snapshot ${snapshot.id}` : ''}`
    : '';
  return `. What Windows wrote since ${since}${until} is given up${where}`;
}

/** Why a repaired copy did not get under the VM. */
function refusedSwap({ errors }: RemediationRecord): string | undefined {
  const refused = errors.find(({ code }) => code === 'SwapRefused');
  return refused && `Azure refused to put the repaired copy of its disk under it (${refused.message})`;
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
  return changed && `its disk was not as in the rehearsal (${changed.message})`;
}

/** Why the VM was never taken down. */
function notRehearsed({ steps }: RemediationRecord): string | undefined {
  const { error } = steps.find(({ id }) => id === 'rehearsal') ?? {};
  return error && `it was not taken down, because the rehearsal failed (${error.message})`;
}
