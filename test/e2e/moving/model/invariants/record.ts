import { idKey } from '../../../../../lab/arm/store/resource-id.ts';
import { deedOf, isOnVm, succeeded, wasKeptFromDeleting, type Invariant } from '../played.ts';

export const itEndsWithARecord: Invariant = ({ record, why }) => {
  if (!record) return /"code":"(VmNotFound|VmNotRunning|PolicyRefused|AccessDenied)"/.test(why) ? [] : [why];
  const defects = record.errors.filter(({ code }) => code === 'Internal');
  return [
    ...(record.outcome && record.endedAt !== undefined ? [] : ['the record has no end']),
    ...defects.map(({ message }) => `a defect of the service: ${message}`),
  ];
};

export const theRecordNamesWhatChanged: Invariant = (played) => {
  const { record, before, after, changes } = played;
  if (!record) return [];
  const actions = record.steps.flatMap((step) => step.actions);
  const has = (what: string): boolean => actions.some((action) => action.what === what);
  const did = (deed: string): boolean =>
    changes.some(
      (change) => change.ours && succeeded(change) && isOnVm(played, change) && deedOf(change) === deed,
    );
  const unnamed = [
    ...(did('virtualMachines/deallocate/action') && !has('deallocate-vm') ? ['taken down'] : []),
    ...(did('virtualMachines/restart/action') && !has('restart-vm') ? ['restarted'] : []),
    ...(did('virtualMachines/delete') && !has('rebuild-vm') && record.undo.length === 0
      ? ['built again']
      : []),
  ].map((what) => `the VM was ${what}, and the record does not say so`);
  const diskId = after.vm?.osDiskId ?? '';
  const isOnCopy = /\/rdp-medic-[0-9a-f]+-repair-disk$/.test(diskId) && before.vm?.osDiskId !== diskId;
  const exchanged = actions.some((action) => idKey(action.after ?? '') === diskId);
  const wayBack = record.originalDisk !== undefined || record.undo.some(({ done }) => !done);
  if (isOnCopy && !exchanged)
    unnamed.push('the VM is on a copy of its disk, and no step of the record says so');
  if (isOnCopy && !wayBack) unnamed.push('the VM is on a copy of its disk, and the record names no way back');
  return unnamed;
};

/** By its own hands, or, where somebody took rights away or laid locks, by the janitor's once they are put right. */
export const nothingIsLeftBehind: Invariant = (played) => {
  const { record, leftovers } = played;
  const own = wasKeptFromDeleting(played) ? [] : (record?.cleanup.leftovers ?? []);
  return [...new Set([...own, ...leftovers])].map((id) => `${id} was left behind`);
};
