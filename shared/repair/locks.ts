import { problem } from '../errors.ts';
import type { Inspection } from '../model/inspection.ts';
import type { Refusal } from '../model/record.ts';
import type { RemediationRequest } from '../model/request.ts';

/** Whether a ReadOnly lock there forbids even the safety snapshot, without which nothing is changed. */
export function forbidsAll({ vmId, osDisk }: Inspection, scope: string): boolean {
  return scope.toLowerCase() !== osDisk?.id.toLowerCase() && covers(scope, vmId, osDisk?.id);
}

/** Whether a lock there covers one of these; any other that was read is on the group of the rescue VM. */
function covers(scope: string, ...ids: (string | undefined)[]): boolean {
  return ids.some((id) => `${id ?? ''}/`.toLowerCase().startsWith(`${scope.toLowerCase()}/`));
}

/** Every lock counts, whichever is listed first. */
export function blockersOfLocks(
  { vmId, osDisk, locks }: Inspection,
  restoreWay: RemediationRequest['options']['restoreWay'],
): Refusal[] {
  const isOn = (scope: string, id: string | undefined): boolean => scope.toLowerCase() === id?.toLowerCase();
  return locks.flatMap(({ level, scope }) => {
    if (level === 'ReadOnly')
      return isOn(scope, osDisk?.id)
        ? [
            problem(
              'ReadOnlyLock',
              `There is a ReadOnly lock on ${scope}: the disk could not be tagged for rollback.`,
            ),
          ]
        : covers(scope, vmId, osDisk?.id)
          ? []
          : [
              problem(
                'ReadOnlyLock',
                `There is a ReadOnly lock on ${scope}: the rescue VM could not be created there.`,
              ),
            ];
    // On the VM itself it keeps nothing of ours from being deleted, and a swap deletes no VM; the original disk stays in any case.
    const harmless = (isOn(scope, vmId) && restoreWay === 'swap') || isOn(scope, osDisk?.id);
    return level === 'CanNotDelete' && !harmless
      ? [problem('DeleteLock', `There is a CanNotDelete lock on ${scope}.`)]
      : [];
  });
}

/** What a lock against deletions means for what the repair leaves. */
export function lockLines({ vmId, osDisk, locks }: Inspection, { mode }: RemediationRequest): string[] {
  return locks.flatMap(({ level, scope }) => {
    if (level !== 'CanNotDelete' || mode === 'rehearse') return [];
    if (scope.toLowerCase() === osDisk?.id.toLowerCase())
      return [
        `There is a CanNotDelete lock on ${scope}: after the swap, that disk stays until somebody deletes it.`,
      ];
    return vmId.startsWith(scope.toLowerCase())
      ? [`There is a CanNotDelete lock on ${scope}: the run commands created on the VM cannot be deleted.`]
      : [];
  });
}
