import type { Behaviour } from '../behaviour.ts';
import type { Context } from '../context.ts';
import { ArmError, operationNotAllowed, propertyChangeNotAllowed } from '../errors.ts';
import { nameOf, sameId } from '../store/resource-id.ts';
import type { Disk, VirtualMachine, VmPower } from '../store/resources.ts';
import { requireAttachable } from './attach.ts';
import { architectureOf, controllersOf } from './fit.ts';
import { moveOwnership } from './ownership.ts';
import { requireSecurityType } from './security-type.ts';
import type { VmUpdate } from './vm-schema.ts';

type OsDiskUpdate = NonNullable<NonNullable<NonNullable<VmUpdate['properties']>['storageProfile']>['osDisk']>;

/**
 * Finds out whether an update swaps the OS disk, and whether it may (learn.microsoft.com, "Change the OS disk used by an Azure VM").
 * @returns the disk to swap in, or `undefined` when the OS disk stays
 * @throws ArmError 409 with the reason
 */
export function planOsDisk(
  context: Context,
  vm: VirtualMachine,
  wanted: OsDiskUpdate | undefined,
): Disk | undefined {
  const current = vm.properties.storageProfile?.osDisk;
  if (!wanted || !current) return undefined;
  const id = wanted.managedDisk?.id;
  const swaps = id !== undefined && !sameId(id, current.managedDisk?.id);
  if (wanted.createOption !== undefined && wanted.createOption !== current.createOption)
    throw propertyChangeNotAllowed('osDisk.createOption');
  if (wanted.osType !== undefined && wanted.osType !== current.osType)
    throw propertyChangeNotAllowed('osDisk.osType');
  const expectedName = swaps ? nameOf(id) : current.name;
  if (
    swaps
      ? !sameName(wanted.name, expectedName)
      : wanted.name !== undefined && !sameName(wanted.name, expectedName)
  ) {
    throw propertyChangeNotAllowed('osDisk.name');
  }
  return swaps ? requireSwappable(context, vm, id) : undefined;
}

function requireSwappable(context: Context, vm: VirtualMachine, diskId: string): Disk {
  const current = vm.properties.storageProfile?.osDisk;
  if (current?.diffDiskSettings) {
    throw operationNotAllowed('Swapping OS Disk is not supported for VMs using an ephemeral OS disk.');
  }
  if (current?.vhd) throw propertyChangeNotAllowed('osDisk.managedDisk');
  if (!maySwap(context.behaviour.swap, vm.power)) {
    throw operationNotAllowed(
      `Operation 'update' is not allowed on VM '${vm.name}' since the VM is not deallocated.`,
    );
  }
  const disk = requireAttachable(context, vm, diskId);
  const before =
    current?.managedDisk?.id === undefined ? undefined : context.store.disks.find(current.managedDisk.id);
  if (isEncrypted(disk) || isEncrypted(before)) {
    throw refusal(
      'OSDiskSwapNotSupportedForVMsUsingDiskEncryption',
      'Swapping OS Disk is not supported for VMs using disk encryption.',
    );
  }
  if ((disk.properties.osType ?? vm.osType) !== vm.osType) throw propertyChangeNotAllowed('osDisk.osType');
  if ((disk.properties.hyperVGeneration ?? 'V1') !== vm.generation) {
    throw refusal(
      'PropertyChangeNotAllowed',
      `Swapping OS Disk is not supported since HyperVisor property on the OSDisk and VM do not match. Please make sure the HyperVisor property on the OSDisk is HyperVisor Generation '${vm.generation}'`,
    );
  }
  requireSecurityType(vm, disk);
  requireSameHardware(context, vm, disk);
  if (!sameKey(before, disk)) {
    throw refusal(
      'OperationNotAllowed',
      'Swapping OS Disk is not supported between disks of different disk encryption sets.',
    );
  }
  return disk;
}

/**
 * Controller and architecture of the disk and of the VM (texts: public VM-conversion scripts and support notes; the code is likely), and
 * a size for its type (learn.microsoft.com, os-disk-swap).
 */
function requireSameHardware({ catalogue }: Context, vm: VirtualMachine, disk: Disk): void {
  const size = catalogue.size(vm.properties.hardwareProfile?.vmSize ?? '');
  const controller = vm.properties.storageProfile?.diskControllerType ?? 'SCSI';
  if (!controllersOf(disk).includes(controller)) {
    throw refusal(
      'PropertyChangeNotAllowed',
      `Swapping OS Disk is not allowed since Disk Controller Type property '${controller}' is not supported by the OS Disk. The supported disk controller types are '${controllersOf(disk).join(', ')}'.`,
    );
  }
  if (architectureOf(disk) !== size.architecture) {
    throw refusal(
      'PropertyChangeNotAllowed',
      `Swapping OS Disk is not allowed since CPU Architecture property '${architectureOf(disk)}' for the VM size '${size.name}' is not supported.`,
    );
  }
  if (disk.sku.name.startsWith('Premium') && !size.premiumIO) {
    throw refusal(
      'InvalidParameter',
      `Requested operation cannot be performed because storage account type '${disk.sku.name}' is not supported for VM size '${size.name}'.`,
    );
  }
}

/** Both disks belong to the same encryption set, or to none (learn.microsoft.com, os-disk-swap). */
function sameKey(one: Disk | undefined, other: Disk): boolean {
  const [before, after] = [one, other].map((disk) => disk?.properties.encryption?.diskEncryptionSetId);
  return before === after || sameId(before, after);
}

function maySwap(rule: Behaviour['swap'], power: VmPower): boolean {
  if (rule === 'always') return power === 'deallocated' || power === 'stopped' || power === 'running';
  return power === 'deallocated' || (rule === 'not-running' && power === 'stopped');
}

/** Puts `disk` under the VM in place of its OS disk, which stays behind unattached. */
export function swapOsDisk({ store, clock }: Context, vm: VirtualMachine, disk: Disk): void {
  const current = vm.properties.storageProfile?.osDisk;
  if (!current) return;
  const before = current.managedDisk?.id === undefined ? undefined : store.disks.find(current.managedDisk.id);
  if (before) delete before.managedBy;
  disk.managedBy = vm.id;
  moveOwnership({ clock }, before, disk);
  current.name = disk.name;
  current.managedDisk = { ...current.managedDisk, id: disk.id };
}

function isEncrypted(disk: Disk | undefined): boolean {
  return disk?.properties.encryptionSettingsCollection?.enabled === true;
}

function sameName(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

function refusal(code: string, message: string): ArmError {
  return new ArmError(409, code, message, { target: 'osDisk' });
}
