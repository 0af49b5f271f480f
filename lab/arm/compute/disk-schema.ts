import * as z from 'zod';
import { json, jsonObject } from '../store/json.ts';
import { readOnly, stored, wire } from '../wire.ts';

/** Bodies of disks and snapshots: members of api-version 2026-03-02, read-only ones accepted and ignored. */

const creationData = wire('CreationData', {
  createOption: z.enum(['Empty', 'Attach', 'FromImage', 'Import', 'Copy', 'Restore', 'Upload', 'CopyStart']),
  sourceResourceId: z.string().optional(),
  imageReference: json.optional(),
  ...stored('storageAccountId', 'galleryImageReference', 'sourceUri', 'sourceUniqueId', 'uploadSizeBytes'),
  ...stored(
    'logicalSectorSize',
    'securityDataUri',
    'securityMetadataUri',
    'performancePlus',
    'elasticSanResourceId',
  ),
  ...stored('provisionedBandwidthCopySpeed', 'instantAccessDurationMinutes'),
});

const common = {
  osType: z.enum(['Windows', 'Linux']).optional(),
  hyperVGeneration: z.enum(['V1', 'V2']).optional(),
  diskSizeGB: z.number().int().min(1).optional(),
  securityProfile: z.looseObject({ securityType: z.string().optional() }).optional(),
  encryptionSettingsCollection: z.looseObject({ enabled: z.boolean() }).optional(),
  encryption: z.looseObject({ diskEncryptionSetId: z.string().optional() }).optional(),
  supportedCapabilities: jsonObject.optional(),
  networkAccessPolicy: z.enum(['AllowAll', 'AllowPrivate', 'DenyAll']).optional(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).optional(),
  purchasePlan: jsonObject.optional(),
  supportsHibernation: z.boolean().optional(),
  diskAccessId: z.string().optional(),
  ...stored('dataAccessAuthMode'),
  completionPercent: z.number().optional(),
  ...readOnly(
    'provisioningState',
    'timeCreated',
    'uniqueId',
    'diskState',
    'diskSizeBytes',
    'LastOwnershipUpdateTime',
  ),
};

const diskMembers = {
  ...common,
  ...stored('diskIOPSReadWrite', 'diskMBpsReadWrite', 'diskIOPSReadOnly', 'diskMBpsReadOnly'),
  maxShares: z.int().min(1).optional(),
  tier: z.string().optional(),
  burstingEnabled: z.boolean().optional(),
  ...stored('optimizedForFrequentAttach', 'availabilityPolicy'),
};

const topMembers = {
  ...readOnly('id', 'name', 'type', 'managedBy', 'extendedLocation'),
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  sku: z.looseObject({ name: z.string() }).optional(),
};

export const diskBodySchema = wire('Disk', {
  ...topMembers,
  zones: z.array(z.string()).optional(),
  properties: wire('DiskProperties', { ...diskMembers, creationData }),
});

/** Body of PATCH. */
export const diskUpdateSchema = wire('DiskUpdate', {
  tags: z.record(z.string(), z.string()).optional(),
  sku: z.looseObject({ name: z.string() }).optional(),
  properties: wire('DiskUpdateProperties', diskMembers).optional(),
});

export const snapshotBodySchema = wire('Snapshot', {
  ...topMembers,
  properties: wire('SnapshotProperties', {
    ...common,
    creationData,
    incremental: z.boolean().optional(),
    ...readOnly('copyCompletionError', 'incrementalSnapshotFamilyId', 'snapshotAccessState'),
  }),
});

export type DiskBody = z.output<typeof diskBodySchema>;
export type SnapshotBody = z.output<typeof snapshotBodySchema>;
