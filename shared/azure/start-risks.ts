import type { Disk, VirtualMachine } from '@azure/arm-compute';
import type { NetworkInterface } from '@azure/arm-network';
import { startRiskSchema, type StartRisk } from '../model/start-risk.ts';

/**
 * The constraints of a VM under which an allocation may fail, those that Azure's own message lists among them (SupportArticles-docs,
 * allocation-failure; learn.microsoft.com, capacity-reservation-overview, spot-vms).
 */
export function startRisksOf(
  vm: VirtualMachine,
  nics: readonly NetworkInterface[],
  keys: readonly string[],
): StartRisk[] {
  const { storageProfile, capacityReservation } = vm;
  const types = (storageProfile?.dataDisks ?? []).map(({ managedDisk }) => managedDisk?.storageAccountType);
  const found: Record<StartRisk, boolean> = {
    'availability-set': vm.availabilitySet !== undefined,
    'proximity-group': vm.proximityPlacementGroup !== undefined,
    'dedicated-host': vm.host !== undefined || vm.hostGroup !== undefined,
    'capacity-reservation': capacityReservation?.capacityReservationGroup !== undefined,
    spot: vm.priority === 'Spot' || vm.priority === 'Low',
    'scale-set': vm.virtualMachineScaleSet !== undefined,
    zone: (vm.zones ?? []).length > 0,
    'accelerated-networking': nics.some(({ enableAcceleratedNetworking }) => enableAcceleratedNetworking),
    'fast-disks': types.some((type) => type === 'UltraSSD_LRS' || type === 'PremiumV2_LRS'),
    'customer-key': keys.length > 0,
  };
  return startRiskSchema.options.filter((name) => found[name]);
}

/** The disk encryption sets of a VM's disks, each once. */
export function encryptionSetsOf(vm: VirtualMachine, osDisk: Disk | undefined): string[] {
  const ofData = (vm.storageProfile?.dataDisks ?? []).map(
    ({ managedDisk }) => managedDisk?.diskEncryptionSet?.id,
  );
  const byKey = new Map(
    [osDisk?.encryption?.diskEncryptionSetId, ...ofData].flatMap((id) =>
      id === undefined ? [] : [[id.toLowerCase(), id] as const],
    ),
  );
  return [...byKey.values()];
}
