import type { VirtualMachine } from '@azure/arm-compute';
import { lossSchema, type Loss } from '../model/rebuild.ts';

/** What of a VM cannot be kept when it is deleted and made again around a disk. */
export function lossesOfRebuild(vm: VirtualMachine): Loss[] {
  const { availabilitySet, proximityPlacementGroup, host, hostGroup, virtualMachineScaleSet } = vm;
  const places = [availabilitySet, proximityPlacementGroup, host, hostGroup, virtualMachineScaleSet];
  const found: Record<Loss, boolean> = {
    'vm-id': true,
    'system-assigned-identity': vm.identity?.type?.includes('SystemAssigned') === true,
    'os-profile': vm.osProfile !== undefined,
    extensions: (vm.resources ?? []).length > 0,
    'delete-options': takesAlong(vm),
    placement: places.some(Boolean) || vm.capacityReservation?.capacityReservationGroup !== undefined,
    plan: vm.plan?.name !== undefined,
    'trusted-launch-state': vm.securityProfile?.securityType === 'TrustedLaunch',
  };
  return lossSchema.options.filter((name) => found[name]);
}

/** Whether a disk or network card would be deleted with the VM. */
export function takesAlong({ storageProfile, networkProfile }: VirtualMachine): boolean {
  return [
    storageProfile?.osDisk,
    ...(storageProfile?.dataDisks ?? []),
    ...(networkProfile?.networkInterfaces ?? []),
  ].some((resource) => resource?.deleteOption === 'Delete');
}
