import { emptyDisk } from '../../arm/compute/empty-disk.ts';
import type { DataDiskSpec, VmSpec } from '../../arm/vm-spec.ts';
import {
  asItIs,
  neighbour,
  onlineOnly,
  refused,
  REPAIRED,
  withDisk,
  withSettings,
  type KindGroup,
  type VmKind,
} from './kind.ts';

function ofType(name: string, sku: string, title: string, note = ''): VmKind {
  return {
    name,
    title,
    claims: { disk: 'no-ultra' },
    dress: (spec) => ({ ...spec, osDiskSku: sku }),
    swap: REPAIRED,
    rebuild: REPAIRED,
    note,
  };
}

const tagsFor = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${String(index)}`, 'x']));

/** The OS disk. */
export const OS_DISK: KindGroup = {
  name: 'os-disk',
  title: 'OS disk',
  kinds: [
    { ...ofType('premium', 'Premium_LRS', 'Premium SSD'), claims: {} },
    ofType(
      'hdd',
      'Standard_LRS',
      'Standard HDD',
      'A copy is slow until Azure has copied all data in the background.',
    ),
    ofType('ssd', 'StandardSSD_LRS', 'Standard SSD'),
    ofType('ssd-zrs', 'StandardSSD_ZRS', 'Standard SSD, zone-redundant', 'The copy is zone-redundant too.'),
    ofType('premium-zrs', 'Premium_ZRS', 'Premium SSD, zone-redundant', 'The copy is zone-redundant too.'),
    {
      name: 'tier',
      title: 'Premium SSD with another performance tier, and bursting',
      dress: (spec) => withDisk({ ...spec, osDiskSizeGB: 1024 }, { tier: 'P40', burstingEnabled: true }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy has the same tier.',
    },
    {
      name: 'tagged',
      title: 'With 46 tags, the most that leave room for those of the repair',
      dress: (spec) => ({ ...spec, osDiskTags: tagsFor(46) }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Copies have the same tags.',
    },
    {
      name: 'full-of-tags',
      title: 'With more than 46 tags',
      dress: (spec) => ({ ...spec, osDiskTags: tagsFor(49) }),
      swap: onlineOnly('TooManyTags'),
      rebuild: onlineOnly('TooManyTags'),
      note: 'The tags needed for rollback could not be added. Remove some tags from the disk.',
    },
    {
      name: 'ephemeral',
      title: 'Ephemeral',
      claims: { disk: 'on-host', key: 'platform' },
      dress: (spec) => ({ ...spec, ephemeralOsDisk: true }),
      swap: refused('EphemeralOsDisk'),
      rebuild: refused('EphemeralOsDisk'),
      note: 'No snapshot can be taken of it. Mode `diagnose` works; redeploy or reimage the VM.',
    },
    {
      name: 'unmanaged',
      title: 'Unmanaged, a page blob',
      claims: { disk: 'blob', key: 'platform', zone: 'none' },
      dress: ({ securityType: _none, ...spec }) => ({ ...spec, unmanagedOsDisk: true }),
      swap: refused('UnmanagedDisk'),
      rebuild: refused('UnmanagedDisk'),
      note: 'Migrate the VM to managed disks.',
    },
  ],
};

function keyOf(spec: VmSpec, type: string): NonNullable<VmSpec['osDiskSettings']> {
  return {
    encryption: {
      type,
      diskEncryptionSetId: neighbour(spec, 'Microsoft.Compute/diskEncryptionSets', 'own-key'),
    },
  };
}

/** How it is encrypted. */
export const ENCRYPTION: KindGroup = {
  name: 'encryption',
  title: 'Encryption',
  kinds: [
    {
      name: 'platform-key',
      title: 'Platform key',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'customer-key',
      title: 'Disk encryption set',
      claims: { key: 'customer' },
      dress: (spec) => withDisk(spec, keyOf(spec, 'EncryptionAtRestWithCustomerKey')),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Snapshots, copies and the rescue VM use the same set; its key is tested right before the VM is stopped.',
    },
    {
      name: 'double-encryption',
      title: 'Encryption with both keys',
      claims: { key: 'customer' },
      dress: (spec) => withDisk(spec, keyOf(spec, 'EncryptionAtRestWithPlatformAndCustomerKeys')),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
    {
      name: 'encryption-at-host',
      title: 'Encryption at host',
      dress: (spec) =>
        withSettings(spec, {
          securityProfile: { ...spec.settings?.securityProfile, encryptionAtHost: true },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The rescue VM has it too.',
    },
    {
      name: 'disk-encryption',
      title: 'Azure Disk Encryption',
      claims: { key: 'platform' },
      dress: (spec) => ({ ...spec, azureDiskEncryption: true }),
      swap: onlineOnly('AdeEncrypted'),
      rebuild: onlineOnly('AdeEncrypted'),
      note: 'Manually: unlock the disk on a rescue VM.',
    },
  ],
};

/** Who may read its disk's data over the network. */
export const ACCESS: KindGroup = {
  name: 'access',
  title: 'Access to the disk',
  kinds: [
    { name: 'open', title: 'All networks', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'private-access',
      title: 'Disk access with private endpoints',
      dress: (spec) =>
        withDisk(spec, {
          networkAccessPolicy: 'AllowPrivate',
          publicNetworkAccess: 'Disabled',
          diskAccessId: neighbour(spec, 'Microsoft.Compute/diskAccesses', 'private'),
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Snapshots and copies have the same network access as the original.',
    },
    {
      name: 'no-access',
      title: 'No export allowed',
      dress: (spec) => withDisk(spec, { networkAccessPolicy: 'DenyAll', publicNetworkAccess: 'Disabled' }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above. Nothing is exported by a repair.',
    },
  ],
};

function withData(spec: VmSpec, ...disks: Omit<DataDiskSpec, 'content'>[]): VmSpec {
  const dataDisks = disks.map((disk) => ({
    ...disk,
    content: emptyDisk(`${spec.name} data ${String(disk.lun)}`),
  }));
  return { ...spec, dataDisks: [...(spec.dataDisks ?? []), ...dataDisks] };
}

/** Its data disks. */
export const DATA: KindGroup = {
  name: 'data',
  title: 'Data disks',
  kinds: [
    { name: 'no-data', title: 'None', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'data-disks',
      title: 'Several, with LUNs, host caching, deleted with the VM',
      dress: (spec) =>
        withData(
          { ...spec, deleteOptions: { ...spec.deleteOptions, osDisk: 'Delete' } },
          { lun: 3, caching: 'ReadOnly', deleteOption: 'Delete' },
          { lun: 17, caching: 'ReadWrite', sku: 'StandardSSD_LRS' },
        ),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'A rebuild sets them to `Detach` before it deletes the VM; the loss `delete-options` must be accepted.',
    },
    {
      name: 'write-accelerator',
      title: 'Write accelerator',
      claims: { size: 'Standard_M8ms' },
      dress: (spec) => withData({ ...spec, size: 'Standard_M8ms' }, { lun: 0, writeAccelerator: true }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'shared-disk',
      title: 'Shared with another VM',
      dress: (spec) =>
        withData(spec, {
          lun: 0,
          name: `${spec.name}-quorum`,
          sku: 'Premium_LRS',
          settings: { maxShares: 2 },
        }),
      surround(lab, spec) {
        const disk = lab.disk(neighbour(spec, 'Microsoft.Compute/disks', `${spec.name}-quorum`));
        disk.sharedWith = [neighbour(spec, 'Microsoft.Compute/virtualMachines', 'other-node')];
      },
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The other VM keeps it attached.',
    },
    {
      name: 'ultra',
      title: 'Ultra disk',
      claims: { zone: '1', disk: 'ultra' },
      dress: (spec) =>
        withData(
          withSettings(
            { ...spec, zone: '1' },
            { additionalCapabilities: { ...spec.settings?.additionalCapabilities, ultraSSDEnabled: true } },
          ),
          { lun: 1, sku: 'UltraSSD_LRS' },
        ),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Fewer hosts support such a VM: the plan says so.',
    },
    {
      name: 'premium-v2',
      title: 'Premium SSD v2',
      claims: { zone: '1' },
      dress: (spec) => withData({ ...spec, zone: '1' }, { lun: 1, sku: 'PremiumV2_LRS' }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
  ],
};
