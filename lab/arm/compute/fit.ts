import { ArmError, invalidParameter } from '../errors.ts';
import type { Disk, NetworkInterface, VirtualMachine } from '../store/resources.ts';
import type { VmSize } from './sizes.ts';
import type { DataDisk } from './vm-schema.ts';

/** What a VM is made of: whether the one goes with the other. */
export interface Parts {
  vm: VirtualMachine;
  size: VmSize;
  osDisk: Disk;
  nics: readonly NetworkInterface[];
  dataDisks: readonly { entry: DataDisk; disk: Disk }[];
}

/**
 * Whether a VM of these parts can be made. Codes and texts as public issues have them, or where noted of our own.
 * @throws ArmError 400
 */
export function requireFit(parts: Parts): void {
  const { vm, size, osDisk } = parts;
  requirePlace(vm);
  requireBootable(vm, size, osDisk);
  requireNetwork(parts);
  for (const { disk, entry } of parts.dataDisks) requireDataDisk(vm, disk, entry);
  const accelerated = parts.dataDisks.filter(({ entry }) => entry.writeAcceleratorEnabled === true);
  if (accelerated.length > size.writeAccelerators)
    throw invalidParameter(
      'writeAcceleratorEnabled',
      `The number of disks with write accelerator exceeds what the VM size '${size.name}' allows, ${String(size.writeAccelerators)}.`,
    );
  for (const disk of [osDisk, ...parts.dataDisks.map(({ disk }) => disk)]) {
    if (disk.sku.name.startsWith('Premium') && !size.premiumIO)
      throw invalidParameter(
        'storageAccountType',
        `Requested operation cannot be performed because storage account type '${disk.sku.name}' is not supported for VM size '${size.name}'.`,
      );
  }
  if (vm.properties.securityProfile?.encryptionAtHost === true && !size.encryptionAtHost)
    throw invalidParameter(
      'encryptionAtHost',
      `The VM size '${size.name}' does not support encryption at host.`,
    );
  requireFeatures(vm, osDisk);
}

/**
 * Where a VM stands: in a zone or in an availability set (azure-docs#99643), and a Spot VM never in the latter
 * (cluster-api-provider-azure#4432).
 */
function requirePlace({ zones, properties }: VirtualMachine): void {
  if (properties.availabilitySet === undefined) return;
  if (zones?.length)
    throw new ArmError(
      400,
      'BadRequest',
      'Availability sets and availability zones cannot be used at the same time.',
    );
  if (properties.virtualMachineScaleSet)
    throw new ArmError(
      400,
      'BadRequest',
      'A VM cannot be in an availability set and in a scale set at the same time.',
    );
  if (properties.priority === 'Spot')
    throw new ArmError(400, 'BadRequest', 'Azure Spot Virtual Machine is not supported in Availability Set.');
}

/**
 * Architecture and controller of size and OS disk. A controller is SCSI unless it is named (kubermatic/machine-controller#1980), and named
 * for generation 2 only (fortinet/azure-templates#76); the refusals: Azure/FederalAVD#20 and kubernetes-sigs/image-builder#1875. That of
 * another architecture is of our own.
 */
function requireBootable(vm: VirtualMachine, size: VmSize, disk: Disk): void {
  const architecture = architectureOf(disk);
  if (architecture !== size.architecture)
    throw invalidParameter(
      'vmSize',
      `The VM size '${size.name}' supports a CPU Architecture of '${size.architecture}' only, but the image or disk has '${architecture}'.`,
    );
  const named = vm.properties.storageProfile?.diskControllerType;
  if (named !== undefined && disk.properties.hyperVGeneration !== 'V2')
    throw invalidParameter(
      'storageProfile.diskControllerType',
      'Disk Controller Type is only supported for VMs that are created from a Generation 2 Image or OS disk and VM Size that supports the same, refer to https://docs.microsoft.com/en-us/azure/virtual-machines/generation-2#creating-a-generation-2-vm for more details about creating Generation 2 VM.',
    );
  const wanted = named ?? 'SCSI';
  if (named !== undefined && !size.controllers.includes(named))
    throw invalidParameter(
      'storageProfile.diskControllerType',
      `The VM size '${size.name}' cannot boot with DiskControllerType '${named}'. Please check that the disk controller type provided is one of the supported disk controller types for the VM size '${size.name}'. Please query sku api at https://aka.ms/azure-compute-skus  to determine supported disk controller types for the VM size.`,
    );
  if (!size.controllers.includes(wanted) || !controllersOf(disk).includes(wanted))
    throw invalidParameter(
      'vmSize',
      `The VM size '${size.name}' cannot boot with OS image or disk. Please check that disk controller types supported by the OS image or disk is one of the supported disk controller types for the VM size '${size.name}'. Please query sku api at https://aka.ms/azure-compute-skus to determine supported disk controller types for the VM size.`,
    );
}

/** How many network cards, one of them primary (ansible#40648), and none faster than the size is. */
function requireNetwork({ vm, size, nics }: Parts): void {
  const references = vm.properties.networkProfile?.networkInterfaces ?? [];
  if (nics.length > size.maxNics)
    throw new ArmError(
      400,
      'NetworkInterfaceCountExceeded',
      `The number of network interfaces for virtual machine ${vm.name} exceeds the maximum allowed for the virtual machine size ${size.name}. The number of network interfaces is ${String(nics.length)} and the maximum allowed is ${String(size.maxNics)}.`,
      { details: [] },
    );
  if (nics.length > 1 && references.filter(({ properties }) => properties?.primary === true).length !== 1)
    throw new ArmError(
      400,
      'NetworkInterfaceMustHavePrimaryPropertySet',
      `Network interface ${nics[0]?.name ?? ''} must have Primary property set.`,
      { details: [] },
    );
  if (
    nics.some(({ properties }) => properties.enableAcceleratedNetworking === true) &&
    !size.acceleratedNetworking
  )
    throw new ArmError(
      400,
      'VMSizeIsNotPermittedToEnableAcceleratedNetworking',
      `VM size ${size.name} is not permitted to enable accelerated networking on network interfaces.`,
      { details: [] },
    );
}

const WITHOUT_CACHE = ['UltraSSD_LRS', 'PremiumV2_LRS'];

/** Ultra disks want their VM to say so; they, Premium SSD v2 and shared disks have no host caching (learn.microsoft.com, disks-types, disks-shared). */
function requireDataDisk({ properties, zones }: VirtualMachine, disk: Disk, entry: DataDisk): void {
  const ultra = properties.additionalCapabilities?.ultraSSDEnabled === true;
  if (disk.sku.name === 'UltraSSD_LRS' && !ultra)
    throw invalidParameter(
      'managedDisk.storageAccountType',
      "Managed disks with 'UltraSSD_LRS' storage account type can be used with Virtual Machines only when additionalCapabilities.ultraSSDEnabled property is enabled.",
    );
  if (WITHOUT_CACHE.includes(disk.sku.name) && !zones?.length)
    throw invalidParameter('zones', `A disk of the type ${disk.sku.name} is attached to VMs in a zone only.`);
  const cached = entry.caching !== undefined && entry.caching !== 'None';
  if (cached && (WITHOUT_CACHE.includes(disk.sku.name) || (disk.properties.maxShares ?? 1) > 1))
    throw invalidParameter('dataDisk.caching', `Host caching is not allowed for the disk ${disk.name}.`);
}

/** A VM that may hibernate, and one with a marketplace plan, each with a disk that says so. */
function requireFeatures({ name, plan, properties }: VirtualMachine, osDisk: Disk): void {
  if (
    properties.additionalCapabilities?.hibernationEnabled === true &&
    osDisk.properties.supportsHibernation !== true
  )
    throw new ArmError(
      400,
      'OperationNotAllowed',
      'Hibernation cannot be enabled on the VM since its OS disk does not support hibernation.',
    );
  // hashicorp/terraform-provider-azurerm#4678; of a disk that was copied: azure-cli#5949.
  if (osDisk.properties.purchasePlan !== undefined && plan === undefined)
    throw new ArmError(
      400,
      'VMMarketplaceInvalidInput',
      `Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires Plan information in the request. VM: '${name}'.`,
    );
}

/** The architecture of what a disk holds; a disk that does not say is one for x64. */
export function architectureOf({ properties }: Disk): string {
  const { architecture } = properties.supportedCapabilities ?? {};
  return typeof architecture === 'string' ? architecture : 'x64';
}

/** The controllers that a disk can be booted from; SCSI alone where it does not say. */
export function controllersOf({ properties }: Disk): string[] {
  const { diskControllerTypes } = properties.supportedCapabilities ?? {};
  return typeof diskControllerTypes === 'string' ? diskControllerTypes.split(/,\s*/) : ['SCSI'];
}
