import * as z from 'zod';
import { json, jsonObject } from '../store/json.ts';
import { readOnly, stored, wire } from '../wire.ts';

/**
 * The virtual machine's body: members of api-version 2026-04-01. What the lab acts upon is typed; the rest is
 * stored and given back. Read-only members are accepted and ignored, as ARM does, so that a GET can be PUT back.
 */

const subResource = z.looseObject({ id: z.string() });
const caching = z.enum(['None', 'ReadOnly', 'ReadWrite']);
const deleteOption = z.enum(['Delete', 'Detach']);
const diskCreateOption = z.enum(['FromImage', 'Empty', 'Attach', 'Copy', 'Restore']);

const managedDisk = wire('ManagedDiskParameters', {
  id: z.string().optional(),
  storageAccountType: z.string().optional(),
  diskEncryptionSet: subResource.optional(),
  securityProfile: jsonObject.optional(),
  additionalDiskProperties: json.optional(),
});

const imageReferenceSchema = wire('ImageReference', {
  id: z.string().optional(),
  publisher: z.string().optional(),
  offer: z.string().optional(),
  sku: z.string().optional(),
  version: z.string().optional(),
  exactVersion: z.string().optional(),
  sharedGalleryImageId: z.string().optional(),
  communityGalleryImageId: z.string().optional(),
});

const osDiskMembers = {
  osType: z.enum(['Windows', 'Linux']).optional(),
  encryptionSettings: json.optional(),
  vhd: z.object({ uri: z.string() }).optional(),
  image: json.optional(),
  caching: caching.optional(),
  writeAcceleratorEnabled: z.boolean().optional(),
  diffDiskSettings: z.looseObject({ option: z.string().optional() }).optional(),
  diskSizeGB: z.number().int().optional(),
  storageFaultDomainAlignment: json.optional(),
  managedDisk: managedDisk.optional(),
  deleteOption: deleteOption.optional(),
};

const dataDiskSchema = wire('DataDisk', {
  lun: z.int().min(0).max(63),
  name: z.string().optional(),
  vhd: json.optional(),
  image: json.optional(),
  caching: caching.optional(),
  writeAcceleratorEnabled: z.boolean().optional(),
  createOption: diskCreateOption,
  diskSizeGB: z.number().int().optional(),
  storageFaultDomainAlignment: json.optional(),
  managedDisk: managedDisk.optional(),
  sourceResource: json.optional(),
  toBeDetached: z.boolean().optional(),
  diskIOPSReadWrite: z.number().optional(),
  diskMBpsReadWrite: z.number().optional(),
  detachOption: z.enum(['ForceDetach']).optional(),
  deleteOption: deleteOption.optional(),
});

const networkInterfaceReference = wire('NetworkInterfaceReference', {
  id: z.string().optional(),
  properties: wire('NetworkInterfaceReferenceProperties', {
    primary: z.boolean().optional(),
    deleteOption: deleteOption.optional(),
  }).optional(),
});

const osProfile = wire('OSProfile', {
  computerName: z.string().optional(),
  adminUsername: z.string().optional(),
  adminPassword: z.string().optional(),
  customData: z.string().optional(),
  windowsConfiguration: jsonObject.optional(),
  linuxConfiguration: jsonObject.optional(),
  secrets: json.optional(),
  allowExtensionOperations: z.boolean().optional(),
  requireGuestProvisionSignal: z.boolean().optional(),
});

const storageMembers = {
  imageReference: imageReferenceSchema.optional(),
  dataDisks: z.array(dataDiskSchema).optional(),
  diskControllerType: z.enum(['SCSI', 'NVMe']).optional(),
  alignRegionalDisksToVMZone: z.boolean().optional(),
  diskApiVersion: z.string().optional(),
};

const storedMembers = {
  additionalCapabilities: z
    .looseObject({ ultraSSDEnabled: z.boolean().optional(), hibernationEnabled: z.boolean().optional() })
    .optional(),
  priority: z.enum(['Regular', 'Low', 'Spot']).optional(),
  evictionPolicy: z.enum(['Deallocate', 'Delete']).optional(),
  billingProfile: jsonObject.optional(),
  proximityPlacementGroup: subResource.optional(),
  host: subResource.optional(),
  hostGroup: subResource.optional(),
  capacityReservation: jsonObject.optional(),
  platformFaultDomain: z.number().optional(),
  applicationProfile: jsonObject.optional(),
  scheduledEventsProfile: jsonObject.optional(),
  userData: z.string().optional(),
  ...stored('scheduledEventsPolicy', 'extensionsTimeBudget', 'resiliencyProfile'),
  ...stored('interconnectBlockProfile'),
  ...readOnly('vmId', 'provisioningState', 'timeCreated', 'instanceView'),
};

const propertyMembers = {
  ...storedMembers,
  hardwareProfile: wire('HardwareProfile', {
    vmSize: z.string().optional(),
    vmSizeProperties: json.optional(),
    processorMode: json.optional(),
  }).optional(),
  osProfile: osProfile.optional(),
  networkProfile: wire('NetworkProfile', {
    networkInterfaces: z.array(networkInterfaceReference).optional(),
    networkApiVersion: z.string().optional(),
    networkInterfaceConfigurations: json.optional(),
    interconnectGroupProfile: json.optional(),
  }).optional(),
  securityProfile: wire('SecurityProfile', {
    uefiSettings: json.optional(),
    encryptionAtHost: z.boolean().optional(),
    securityType: z.enum(['TrustedLaunch', 'ConfidentialVM', 'Standard']).optional(),
    encryptionIdentity: json.optional(),
    proxyAgentSettings: json.optional(),
  }).optional(),
  diagnosticsProfile: json.optional(),
  licenseType: z.string().optional(),
  availabilitySet: subResource.optional(),
  virtualMachineScaleSet: subResource.optional(),
};

const topMembers = {
  tags: z.record(z.string(), z.string()).optional(),
  plan: json.optional(),
  identity: json.optional(),
  zones: z.array(z.string()).optional(),
};

/** Body of PUT. */
export const vmBodySchema = wire('VirtualMachine', {
  ...readOnly('id', 'name', 'type', 'etag', 'managedBy', 'resources', 'systemData'),
  ...topMembers,
  location: z.string(),
  extendedLocation: json.optional(),
  placement: json.optional(),
  properties: wire('VirtualMachineProperties', {
    ...propertyMembers,
    storageProfile: wire('StorageProfile', {
      ...storageMembers,
      osDisk: wire('OSDisk', {
        ...osDiskMembers,
        name: z.string().optional(),
        createOption: diskCreateOption,
      }).optional(),
    }).optional(),
  }),
});

/** Body of PATCH: the same, with nothing required. */
export const vmUpdateSchema = wire('VirtualMachineUpdate', {
  ...topMembers,
  properties: wire('VirtualMachineProperties', {
    ...propertyMembers,
    storageProfile: wire('StorageProfile', {
      ...storageMembers,
      osDisk: wire('OSDisk', {
        ...osDiskMembers,
        name: z.string().optional(),
        createOption: diskCreateOption.optional(),
      }).optional(),
    }).optional(),
  }).optional(),
});

export type VmBody = z.output<typeof vmBodySchema>;
export type VmUpdate = z.output<typeof vmUpdateSchema>;
export type VmProperties = VmBody['properties'];
export type StorageProfile = NonNullable<VmProperties['storageProfile']>;
export type OsDisk = NonNullable<StorageProfile['osDisk']>;
export type DataDisk = z.output<typeof dataDiskSchema>;
