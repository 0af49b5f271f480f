import type { VirtualMachine } from '@azure/arm-compute';
import type { Needed } from '../model/rights.ts';

/**
 * What Azure asks for on the resources that a VM's definition refers to, when a VM is built with it: whoever gives it an identity, a
 * reservation or a disk with somebody's key needs a right on each.
 * Source: learn.microsoft.com, Azure permissions for Compute, and for Identity (role-based-access-control/permissions).
 */
export function rightsOfRebuild(vm: VirtualMachine): Needed[] {
  const reservation = vm.capacityReservation?.capacityReservationGroup?.id;
  const keys = (vm.storageProfile?.dataDisks ?? []).map((disk) => disk.managedDisk?.diskEncryptionSet?.id);
  return [
    ...onEach(
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      Object.keys(vm.identity?.userAssignedIdentities ?? {}),
    ),
    ...onEach('Microsoft.Compute/capacityReservationGroups/deploy/action', [reservation]),
    ...onEach('Microsoft.Compute/diskEncryptionSets/read', keys),
  ];
}

function onEach(action: string, ids: readonly (string | undefined)[]): Needed[] {
  return ids.flatMap((scope) => (scope === undefined ? [] : [{ scope, actions: [action] }]));
}
