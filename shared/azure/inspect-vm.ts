import type { Disk, VirtualMachine } from '@azure/arm-compute';
import type { NetworkInterface } from '@azure/arm-network';
import { MedicError } from '../errors.ts';
import type { Expected } from '../model/expected.ts';
import type { Inspection } from '../model/inspection.ts';
import { parseVmId, withGroup, type VmId } from '../model/vm-id.ts';
import { arm, armIfExists } from './arm-error.ts';
import { readAutoShutdown } from './auto-shutdown.ts';
import type { Azure, SubscriptionClients } from './clients.ts';
import { readLocks } from './locks.ts';
import { lossesOfRebuild } from './losses.ts';
import { rightsOfRebuild } from './rebuild-rights.ts';
import { parseResourceId } from './resource-id.ts';
import { encryptionSetsOf, startRisksOf } from './start-risks.ts';

/** Publisher of the extension by which Site Recovery works in a VM. */
const SITE_RECOVERY = 'Microsoft.Azure.RecoveryServices.SiteRecovery';

/** The parts of a VM id. @throws MedicError `RequestInvalid` for anything else. */
export function requireVmId(id: string): VmId {
  const vm = parseVmId(id);
  if (!vm) throw new MedicError('RequestInvalid', `Not a VM resource id: ${id.slice(0, 200)}`);
  return vm;
}

/** The VM with its instance view. @throws MedicError `VmNotFound`. */
export async function readVm(azure: Azure, vmId: string): Promise<VirtualMachine> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const vm = await armIfExists(async () =>
    (await azure(subscriptionId)).compute.virtualMachines.get(resourceGroup, name, {
      expand: 'instanceView',
    }),
  );
  if (!vm) throw new MedicError('VmNotFound', `There is no VM ${vmId}.`);
  return vm;
}

/**
 * Reads everything preflight decides upon: the VM, its OS disk, NICs, public addresses, and the locks on all of it, and on the group in
 * which its rescue VM would be made. Changes nothing.
 * @throws MedicError `VmNotFound`, `AccessDenied`, or a retryable Azure error.
 */
export async function inspectVm(azure: Azure, vmId: string, rescueGroup?: string): Promise<Inspection> {
  const parts = requireVmId(vmId);
  const { subscriptionId, resourceGroup, id } = parts;
  const clients = await azure(subscriptionId);
  const vm = await readVm(azure, vmId);
  const [osDisk, nics, locks, autoShutdown] = await Promise.all([
    readOsDisk(clients, vm),
    Promise.all(nicIdsOf(vm).map((nic) => readNic(clients, nic))),
    readLocks(
      clients,
      id,
      vm.storageProfile?.osDisk?.managedDisk?.id,
      rescueGroup === undefined ? undefined : withGroup(id, rescueGroup),
    ),
    readAutoShutdown(clients, parts),
  ]);
  const keys = encryptionSetsOf(vm, osDisk);
  return {
    vmId: id,
    name: vm.name ?? parseResourceId(vmId).name,
    resourceGroup,
    subscriptionId,
    location: vm.location,
    zone: vm.zones?.[0] ?? null,
    size: vm.hardwareProfile?.vmSize ?? '',
    tags: vm.tags ?? {},
    osType: osTypeOf(vm),
    osVersion: vm.instanceView?.osVersion ?? null,
    powerState: powerStateOf(vm),
    agentReady: agentReady(vm),
    provisioningState: vm.provisioningState ?? 'Unknown',
    generation: (vm.instanceView?.hyperVGeneration ?? osDisk?.hyperVGeneration) === 'V2' ? 'V2' : 'V1',
    securityType: vm.securityProfile?.securityType ?? null,
    encryptionAtHost: vm.securityProfile?.encryptionAtHost === true,
    architecture: osDisk?.supportedCapabilities?.architecture ?? null,
    diskControllerType: vm.storageProfile?.diskControllerType ?? null,
    ephemeralOsDisk: vm.storageProfile?.osDisk?.diffDiskSettings?.option === 'Local',
    scaleSetId: vm.virtualMachineScaleSet?.id ?? null,
    osDisk: osDisk ? osDiskOf(vm, osDisk) : null,
    expected: osDisk ? expectedOf(vm, osDisk) : null,
    image: imageOf(vm),
    nics: await Promise.all(nics.map((nic) => describeNic(clients, nic))),
    ...locks,
    autoShutdown,
    extensions: (vm.resources ?? []).flatMap(({ name }) => (name ? [name] : [])),
    rebuildLosses: lossesOfRebuild(vm),
    rebuildRights: rightsOfRebuild(vm),
    diskEncryptionSetIds: keys,
    startRisks: startRisksOf(vm, nics, keys),
    replicated: (vm.resources ?? []).some(({ publisher }) => publisher === SITE_RECOVERY),
  };
}

/** What deeds compare with, from one reading of the VM and its OS disk. */
export function expectedOf(vm: VirtualMachine, osDisk: Disk): Expected {
  return {
    vmId: vm.vmId ?? '',
    osDiskId: vm.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase() ?? '',
    osDiskUniqueId: osDisk.uniqueId ?? '',
    power: powerStateOf(vm),
    diskState: osDisk.diskState ?? 'unknown',
    ownershipUpdatedAt: osDisk.lastOwnershipUpdateTime?.toISOString() ?? null,
  };
}

/** Last word of `PowerState/running`; `unknown` in the rare case Azure leaves it out. */
export function powerStateOf(vm: VirtualMachine): string {
  const status = vm.instanceView?.statuses?.find(({ code }) => code?.startsWith('PowerState/'));
  return status?.code?.slice('PowerState/'.length) ?? 'unknown';
}

/**
 * When the last operation on the VM ended, ISO 8601; `null` while one is at work, or where Azure does not say. Starts and restarts are such
 * (learn.microsoft.com, virtual-machines/states-billing, provisioning states), updates of extensions and of the model too.
 */
export function settledAt(vm: VirtualMachine): string | null {
  const status = vm.instanceView?.statuses?.find(({ code }) => code?.startsWith('ProvisioningState/'));
  return status?.time?.toISOString() ?? null;
}

/** Whether the VM agent reports Ready (learn.microsoft.com, rest/api/compute/virtual-machines/instance-view: `vmAgent.statuses`). */
export function agentReady(vm: VirtualMachine): boolean {
  return vm.instanceView?.vmAgent?.statuses?.some(({ displayStatus }) => displayStatus === 'Ready') ?? false;
}

/** The OS as the disk says it. */
export function osTypeOf(vm: VirtualMachine): Inspection['osType'] {
  const type = vm.storageProfile?.osDisk?.osType;
  return type === 'Windows' || type === 'Linux' ? type : 'Unknown';
}

function imageOf(vm: VirtualMachine): string | null {
  const image = vm.storageProfile?.imageReference;
  if (!image) return null;
  return image.id ?? [image.publisher, image.offer, image.sku, image.exactVersion ?? image.version].join(':');
}

/**
 * Addresses at which a VM may be asked, those of its primary card first. Less than an inspection: for whom asks many VMs.
 * @throws MedicError a retryable Azure error
 */
export async function addressesOf(azure: Azure, vm: VirtualMachine): Promise<string[]> {
  return (await cardsOf(azure, vm))
    .flatMap(({ publicAddress, privateAddress }) => [publicAddress, privateAddress])
    .filter(isGiven);
}

/** The network cards of a VM with their addresses, and nothing else. @throws MedicError `VmNotFound`, or a retryable Azure error. */
export async function readNics(azure: Azure, vmId: string): Promise<Inspection['nics']> {
  return cardsOf(azure, await readVm(azure, vmId));
}

async function cardsOf(azure: Azure, vm: VirtualMachine): Promise<Inspection['nics']> {
  const clients = await azure(requireVmId(vm.id ?? '').subscriptionId);
  return Promise.all(nicIdsOf(vm).map(async (id) => describeNic(clients, await readNic(clients, id))));
}

const isGiven = (address: string | null): address is string => address !== null;

async function readOsDisk({ compute }: SubscriptionClients, vm: VirtualMachine): Promise<Disk | undefined> {
  const id = vm.storageProfile?.osDisk?.managedDisk?.id;
  if (!id) return undefined;
  const { resourceGroup, name } = parseResourceId(id);
  return arm(() => compute.disks.get(resourceGroup, name));
}

function osDiskOf(vm: VirtualMachine, disk: Disk): NonNullable<Inspection['osDisk']> {
  return {
    id: disk.id ?? vm.storageProfile?.osDisk?.managedDisk?.id ?? '',
    name: disk.name ?? '',
    sku: disk.sku?.name ?? 'StandardSSD_LRS',
    sizeGb: disk.diskSizeGB ?? 0,
    diskEncryptionSetId: disk.encryption?.diskEncryptionSetId ?? null,
    adeEncrypted:
      disk.encryptionSettingsCollection?.enabled === true ||
      vm.storageProfile?.osDisk?.encryptionSettings?.enabled === true,
    networkAccessPolicy: disk.networkAccessPolicy ?? null,
    tagCount: Object.keys(disk.tags ?? {}).length,
  };
}

/** The primary one first, wherever the VM lists it. */
function nicIdsOf(vm: VirtualMachine): string[] {
  const references = vm.networkProfile?.networkInterfaces ?? [];
  return [...references]
    .sort((one, other) => Number(other.primary === true) - Number(one.primary === true))
    .flatMap(({ id }) => id ?? []);
}

function readNic({ network }: SubscriptionClients, nicId: string): Promise<NetworkInterface> {
  const { resourceGroup, name } = parseResourceId(nicId);
  return arm(() => network.networkInterfaces.get(resourceGroup, name));
}

async function describeNic(
  { network }: SubscriptionClients,
  nic: NetworkInterface,
): Promise<Inspection['nics'][number]> {
  const ip = primaryConfiguration(nic);
  const publicIp = ip?.publicIPAddress?.id ? parseResourceId(ip.publicIPAddress.id) : undefined;
  const address =
    publicIp &&
    (await armIfExists(() => network.publicIPAddresses.get(publicIp.resourceGroup, publicIp.name)));
  return {
    id: nic.id ?? '',
    subnetId: ip?.subnet?.id ?? null,
    networkSecurityGroupId: nic.networkSecurityGroup?.id ?? null,
    privateAddress: ip?.privateIPAddress ?? null,
    publicAddress: address?.ipAddress ?? null,
    dynamicPublicAddress: address?.publicIPAllocationMethod === 'Dynamic',
  };
}

function primaryConfiguration(nic: NetworkInterface) {
  const all = nic.ipConfigurations ?? [];
  return all.find(({ primary }) => primary === true) ?? all[0];
}
