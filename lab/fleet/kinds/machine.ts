import { asItIs, neighbour, onlineOnly, REPAIRED, withDisk, type KindGroup } from './kind.ts';

/** Generation and security type. */
export const BOOTS: KindGroup = {
  name: 'boots',
  title: 'Generation and security type',
  kinds: [
    {
      name: 'trusted-launch',
      title: 'Generation 2, Trusted Launch',
      claims: { generation: 'V2' },
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy inherits its security type from the snapshot, which is read back. The copy has the guest state of its snapshot: BitLocker sealed to the virtual TPM may ask for its recovery key.',
    },
    {
      name: 'gen2',
      title: 'Generation 2, Standard',
      claims: { generation: 'V2' },
      dress: ({ securityType: _trusted, ...spec }) => spec,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'gen1',
      title: 'Generation 1',
      claims: { generation: 'V1' },
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Its copy is repaired on a generation 2 rescue VM.',
    },
    {
      name: 'confidential',
      title: 'Confidential VM',
      claims: { generation: 'V2', size: 'Standard_DC2as_v5', key: 'platform' },
      dress: (spec) =>
        withDisk(
          { ...spec, securityType: 'ConfidentialVM', size: 'Standard_DC2as_v5' },
          { securityProfile: { securityType: 'ConfidentialVM_DiskEncryptedWithPlatformKey' } },
        ),
      swap: onlineOnly('ConfidentialVm'),
      rebuild: onlineOnly('ConfidentialVm'),
      note: 'Its disk cannot be read from another VM. Manually: the serial console.',
    },
  ],
};

/** Controller and architecture. */
export const HARDWARE: KindGroup = {
  name: 'hardware',
  title: 'Controller and architecture',
  kinds: [
    {
      name: 'scsi',
      title: 'SCSI, x64',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'nvme',
      title: 'NVMe controller',
      claims: { size: 'Standard_D2s_v6', generation: 'V2' },
      dress: (spec) => ({ ...spec, size: 'Standard_D2s_v6', diskController: 'NVMe' }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy keeps the controllers that the original supports; the rescue VM has SCSI.',
    },
    {
      name: 'arm64',
      title: 'Arm64',
      claims: { size: 'Standard_D2ps_v5', generation: 'V2' },
      dress: (spec) =>
        withDisk(
          { ...spec, size: 'Standard_D2ps_v5' },
          {
            supportedCapabilities: {
              architecture: 'Arm64',
              acceleratedNetwork: true,
              diskControllerTypes: 'SCSI',
            },
          },
        ),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'An x64 rescue VM repairs the registry and files of an Arm64 Windows; it does not run any of it.',
    },
  ],
};

const OFFER = { name: 'byol', publisher: 'contoso', product: 'hardened-windows' };

/** Where its OS comes from. */
export const IMAGE: KindGroup = {
  name: 'image',
  title: 'Image',
  kinds: [
    {
      name: 'platform-image',
      title: 'Platform image',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The rescue VM has a different Windows version, because disks from the same image have the same identity.',
    },
    {
      name: 'plan',
      title: 'Marketplace image with a plan',
      dress: (spec) =>
        withDisk({ ...spec, plan: OFFER }, { purchasePlan: { ...OFFER, promotionCode: null } }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy keeps the plan. For a rebuild, the loss `plan` must be accepted: a withdrawn offer does not allow new VMs.',
    },
    {
      name: 'gallery-image',
      title: 'Gallery or custom image',
      dress: (spec) => ({
        ...spec,
        galleryImageId: neighbour(spec, 'Microsoft.Compute/galleries', 'g/images/w/versions/1.0.0'),
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The rescue image is chosen from the Windows version that the agent reported.',
    },
  ],
};
