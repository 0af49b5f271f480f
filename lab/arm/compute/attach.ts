import type { Context } from '../context.ts';
import { ArmError, invalidParameter, operationNotAllowed } from '../errors.ts';
import { sameId } from '../store/resource-id.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';
import { sameLocation } from './locations.ts';
import { giveTo, isRoomOn, moveOwnership, ownersOf, takeFrom } from './ownership.ts';
import type { DataDisk } from './vm-schema.ts';

/**
 * The refusals common to every disk that goes to a VM.
 * @throws ArmError 404 unknown disk; 409 attached elsewhere; 400 in another zone
 */
export function requireAttachable(
  { store }: Context,
  vm: VirtualMachine,
  diskId: string,
  isDataDisk = false,
): Disk {
  const disk = store.disks.get(diskId);
  if (disk.detaching) {
    throw new ArmError(
      409,
      'AttachDiskWhileBeingDetached',
      `Cannot attach data disk '${disk.name}' to VM '${vm.name}' because the disk is currently being detached or the last detach operation failed. Please wait until the disk is completely detached and then try again or delete/detach the disk explicitly again.`,
    );
  }
  if (disk.managedBy !== undefined && !isAmong(ownersOf(disk), vm) && !isRoomOn(disk)) {
    throw new ArmError(
      409,
      'ConflictingUserInput',
      `Cannot attach the disk ${disk.name} to VM ${vm.id} because it is already attached to VM ${disk.managedBy}. A disk can be attached to only one VM at a time.`,
      { target: disk.id },
    );
  }
  // Its content is sealed to the VM's own virtual TPM. No source has the answer; code and text are our own.
  if (disk.properties.securityProfile?.securityType?.startsWith('ConfidentialVM') === true && isDataDisk) {
    throw operationNotAllowed(`Disk ${disk.name} of a confidential VM cannot be attached to VM ${vm.id}.`);
  }
  if (disk.provisioningState !== 'Succeeded') {
    throw operationNotAllowed(
      `Disk ${disk.name} cannot be attached to VM ${vm.id} while its provisioning state is ${disk.provisioningState}.`,
    );
  }
  const [zone] = disk.zones ?? [];
  // A disk with copies in every zone goes under a VM in any (learn.microsoft.com, disks-redundancy, zone-redundant storage).
  const everywhere = zone === undefined && disk.sku.name.endsWith('_ZRS');
  if (!everywhere && zone !== vm.zones?.[0] && (zone !== undefined || vm.zones?.length)) {
    throw new ArmError(
      400,
      'BadRequest',
      `Disk ${disk.id} cannot be attached to the VM because it is not in the same zone as the VM. VM zone: '${vm.zones?.[0] ?? ''}'. Disk zone: '${zone ?? ''}'.`,
    );
  }
  if (!sameLocation(disk.location, vm.location)) throw invalidParameter('managedDisk.id');
  return disk;
}

/** How a VM's list of data disks changes. */
export interface DataDiskChange {
  attach: { entry: DataDisk; disk: Disk }[];
  detach: DataDisk[];
  /** The list afterwards. */
  result: DataDisk[];
}

/**
 * Plans the way from the current list of data disks to the wanted one: an entry left out or marked
 * `toBeDetached` goes, a new one comes.
 * @throws ArmError 400 for a LUN taken twice, 409 for too many disks or a disk attached elsewhere
 */
export function planDataDisks(context: Context, vm: VirtualMachine, wanted: DataDisk[]): DataDiskChange {
  const current = vm.properties.storageProfile?.dataDisks ?? [];
  const kept = wanted.filter(({ toBeDetached }) => toBeDetached !== true);
  const luns = kept.map(({ lun }) => lun);
  const taken = luns.find((lun, index) => luns.indexOf(lun) !== index);
  if (taken !== undefined)
    throw invalidParameter('dataDisk.lun', `A disk at LUN ${String(taken)} already exists.`);
  const { maxDataDisks } = context.catalogue.size(vm.properties.hardwareProfile?.vmSize ?? '');
  if (kept.length > maxDataDisks) {
    throw operationNotAllowed(
      `The maximum number of data disks allowed to be attached to a VM of this size is ${String(maxDataDisks)}.`,
    );
  }
  const detach = current.filter((disk) => !kept.some((entry) => isSame(entry, disk)));
  const attach: DataDiskChange['attach'] = [];
  const result = kept.map((entry) => {
    const before = current.find((disk) => isSame(entry, disk));
    if (before) return { ...before, ...entry };
    const id = entry.managedDisk?.id;
    if (entry.createOption === 'Empty')
      throw new ArmError(501, 'LabRouteNotImplemented', 'The lab does not make data disks by their VM.');
    if (entry.createOption !== 'Attach' || id === undefined) throw invalidParameter('dataDisk.createOption');
    const disk = requireAttachable(context, vm, id, true);
    if (isAmong(ownersOf(disk), vm) && !detach.some((gone) => sameId(gone.managedDisk?.id, disk.id))) {
      throw invalidParameter(
        'dataDisk.managedDisk.id',
        `Disk '${disk.name}' is already attached to VM '${vm.name}'.`,
      );
    }
    const attached: DataDisk = {
      caching: 'None',
      deleteOption: 'Detach',
      ...entry,
      name: disk.name,
      managedDisk: { ...entry.managedDisk, id: disk.id },
    };
    attach.push({ entry: attached, disk });
    return attached;
  });
  return { attach, detach, result };
}

/** Marks the disks of a change, so that nobody else takes them while it goes on. Returns the way back. */
export function reserveDisks(
  { store }: Context,
  vm: VirtualMachine,
  { attach, detach }: DataDiskChange,
): () => void {
  const leaving = detach.flatMap(({ managedDisk }) =>
    managedDisk?.id === undefined ? [] : (store.disks.find(managedDisk.id) ?? []),
  );
  for (const { disk } of attach) giveTo(vm, disk);
  for (const disk of leaving) disk.detaching = true;
  return () => {
    for (const { disk } of attach) takeFrom(vm, disk);
    for (const disk of leaving) delete disk.detaching;
  };
}

/** Carries a change out: the guest sees disks leave first, then arrive. */
export function applyDataDisks(
  { store, machines, clock }: Context,
  vm: VirtualMachine,
  { attach, detach, result }: DataDiskChange,
): void {
  for (const { lun, managedDisk } of detach) {
    machines.detachDisk(vm, lun);
    const disk = managedDisk?.id === undefined ? undefined : store.disks.find(managedDisk.id);
    if (!disk) continue;
    takeFrom(vm, disk);
    delete disk.detaching;
    moveOwnership({ clock }, disk);
  }
  for (const { entry, disk } of attach) {
    giveTo(vm, disk);
    moveOwnership({ clock }, disk);
    machines.attachDisk(vm, entry.lun, disk.content);
  }
  vm.properties.storageProfile = { ...vm.properties.storageProfile, dataDisks: result };
}

/** An entry names a disk that is there by its LUN; a managed disk id, if given, must be the same. */
function isSame(entry: DataDisk, disk: DataDisk): boolean {
  const id = entry.managedDisk?.id;
  return entry.lun === disk.lun && (id === undefined || sameId(id, disk.managedDisk?.id));
}

function isAmong(owners: readonly string[], vm: VirtualMachine): boolean {
  return owners.some((owner) => sameId(owner, vm.id));
}
