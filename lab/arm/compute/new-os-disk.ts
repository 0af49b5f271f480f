import { timestamp, type Context } from '../context.ts';
import { ArmError, invalidParameter } from '../errors.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';
import type { Generation, ImageSpec } from '../vm-spec.ts';
import { requireAttachable } from './attach.ts';
import { imageId } from './image-id.ts';
import { requireSecurityType } from './security-type.ts';
import type { VmSize } from './sizes.ts';
import type { VmBody } from './vm-schema.ts';
import { ownDiskId } from './vm-wire.ts';

/** The OS disk, from the image or as given, and tells the VM what it is; neither is in the store yet. */
export function prepareOsDisk(context: Context, vm: VirtualMachine, body: VmBody, size: VmSize): Disk {
  const { storageProfile } = body.properties;
  const given = storageProfile?.osDisk;
  const disk =
    given?.createOption === 'Attach' ? existingDisk(context, vm, body) : diskFromImage(context, vm, body);
  const generation: Generation = disk.properties.hyperVGeneration ?? 'V1';
  if (!size.generations.includes(generation)) {
    throw new ArmError(
      400,
      'BadRequest',
      `The selected VM size '${size.name}' cannot boot Hypervisor Generation '${generation.slice(1)}'. If this was a Create operation please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM Size. If this was an Update operation please select a Hypervisor Generation '${generation.slice(1)}' VM Size.`,
    );
  }
  vm.generation = generation;
  vm.osType = disk.properties.osType ?? 'Windows';
  vm.properties.storageProfile = {
    ...storageProfile,
    osDisk: {
      caching: 'ReadWrite',
      deleteOption: 'Detach',
      ...given,
      createOption: given?.createOption ?? 'FromImage',
      osType: vm.osType,
      name: disk.name,
      managedDisk: { storageAccountType: disk.sku.name, ...given?.managedDisk, id: disk.id },
    },
    dataDisks: [],
  };
  return disk;
}

/** Gives it to the VM. */
export function takeOsDisk({ store }: Context, vm: VirtualMachine, disk: Disk): void {
  disk.managedBy = vm.id;
  store.disks.put(disk);
}

function existingDisk(context: Context, vm: VirtualMachine, { properties }: VmBody): Disk {
  const { imageReference, osDisk } = properties.storageProfile ?? {};
  if (imageReference) {
    throw invalidParameter(
      'imageReference',
      'Cannot attach an existing OS disk if the VM is created from a platform or user image.',
    );
  }
  if (properties.osProfile) {
    throw invalidParameter('osProfile', "Parameter 'osProfile' is not allowed.");
  }
  const id = osDisk?.managedDisk?.id;
  if (id === undefined) throw invalidParameter('osDisk.managedDisk.id');
  const disk = requireAttachable(context, vm, id);
  if (disk.managedBy !== undefined) throw invalidParameter('osDisk.managedDisk.id');
  requireSecurityType(vm, disk);
  if (osDisk?.osType !== undefined) disk.properties.osType = osDisk.osType;
  return disk;
}

function diskFromImage(context: Context, vm: VirtualMachine, { properties, zones, location }: VmBody): Disk {
  const { imageReference, osDisk } = properties.storageProfile ?? {};
  const image = requireImage(context, imageReference);
  const { computerName = vm.name, adminUsername, adminPassword } = properties.osProfile ?? {};
  if (adminUsername === undefined)
    throw invalidParameter(
      'osProfile.adminUsername',
      "Required parameter 'osProfile.adminUsername' is missing (null).",
    );
  if (image.osType === 'Windows') requireGoodPassword(adminPassword, computerName);
  const name = osDisk?.name ?? `${vm.name}_OsDisk_1_${context.newId().replaceAll('-', '')}`;
  const id = ownDiskId(vm.id, name);
  if (context.store.disks.find(id)) {
    throw new ArmError(409, 'Conflict', `Disk ${name} already exists in resource group.`, {
      target: 'osDisk.name',
    });
  }
  const set = osDisk?.managedDisk?.diskEncryptionSet?.id;
  const securityType = properties.securityProfile?.securityType;
  if (securityType === 'TrustedLaunch' && image.trustedLaunch !== true) {
    throw new ArmError(
      400,
      'BadRequest',
      'Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch Supported Gen2 OS Image.',
    );
  }
  return {
    id,
    name,
    type: 'Microsoft.Compute/disks',
    location,
    ...(zones && { zones }),
    provisioningState: 'Updating',
    revision: 1,
    sku: { name: osDisk?.managedDisk?.storageAccountType ?? 'Premium_LRS' },
    properties: {
      creationData: {
        createOption: 'FromImage',
        imageReference: { id: imageId(image, subscriptionOf(vm), location) },
      },
      osType: image.osType,
      hyperVGeneration: image.generation,
      supportedCapabilities: {
        architecture: 'x64',
        acceleratedNetwork: true,
        diskControllerTypes: image.generation === 'V2' ? 'SCSI, NVMe' : 'SCSI',
      },
      diskSizeGB: osDisk?.diskSizeGB ?? image.diskSizeGB,
      ...(securityType !== undefined && securityType !== 'Standard' && { securityProfile: { securityType } }),
      ...(set !== undefined && {
        encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: set },
      }),
    },
    uniqueId: context.newId(),
    timeCreated: timestamp(context.clock),
    content: image.makeDisk(computerName),
  };
}

function requireImage(
  { catalogue }: Context,
  reference: NonNullable<VmBody['properties']['storageProfile']>['imageReference'],
): ImageSpec {
  const { publisher, offer, sku, version = 'latest' } = reference ?? {};
  if (publisher === undefined || offer === undefined || sku === undefined)
    throw invalidParameter('imageReference');
  const image = catalogue.findImage({ publisher, offer, sku, version });
  if (image) return image;
  throw new ArmError(
    404,
    'PlatformImageNotFound',
    `The platform image '${[publisher, offer, sku, version].join(':')}' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile`,
    { target: 'imageReference' },
  );
}

/** Azure's rule: 12 to 123 characters of three of four kinds. */
function requireGoodPassword(password: string | undefined, computerName: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password ?? '')).length;
  if (password === undefined || password.length < 12 || password.length > 123 || kinds < 3) {
    throw invalidParameter(
      'adminPassword',
      'The supplied password must be between 12-123 characters long and must satisfy at least 3 of password complexity requirements from the following: Contains an uppercase character, Contains a lowercase character, Contains a numeric digit, Contains a special character, Control characters are not allowed',
    );
  }
  if (computerName.length > 15) {
    throw invalidParameter(
      'computerName',
      'Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . \' " , < > / ?.',
    );
  }
}

function subscriptionOf({ id }: VirtualMachine): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
}
