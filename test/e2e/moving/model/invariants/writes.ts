import type { Invariant, Played } from '../played.ts';
import type { Glimpse } from '../watch.ts';

/** Calls that take the disk from under the VM. */
function exchanges({ glimpses, scenario }: Played): Glimpse[] {
  return glimpses.filter(({ accepted, deed, method }) =>
    scenario.way === 'swap'
      ? accepted && deed === 'write' && method === 'PATCH'
      : accepted && deed === 'delete',
  );
}

export const noForwardStepLosesAWrite: Invariant = (played) =>
  exchanges(played).flatMap(({ written, writtenOnCopy, copyId, osDiskId }) => {
    if (osDiskId === copyId || written === undefined) return [];
    if (writtenOnCopy === undefined) return ['the disk was taken away, and there was no copy of it'];
    const lost = written - writtenOnCopy;
    return lost > 0 ? [`${String(lost)} writes of the guest are not on the copy that it was given`] : [];
  });

/** A Windows that nobody hears of may have run on the copy. */
export const goingBackNamesWhatItGivesUp: Invariant = (played) => {
  const { record } = played;
  let onCopy: number | undefined;
  const lost: string[] = [];
  for (const { written, writtenOnCopy, osDiskId, copyId } of exchanges(played)) {
    if (osDiskId !== copyId) onCopy = writtenOnCopy;
    else if (onCopy !== undefined && written !== undefined && written > onCopy)
      lost.push(`${String(written - onCopy)} writes were given up on the way back`);
  }
  const isTold = record?.warnings.some((line) => /written there from \S+ to \S+ is lost/.test(line));
  return isTold === true ? [] : lost;
};
