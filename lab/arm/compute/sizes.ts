import type { Generation } from '../vm-spec.ts';

/** A size as `Microsoft.Compute/skus` tells of it (learn.microsoft.com, rest/api/compute/resource-skus/list). */
export interface VmSize {
  name: string;
  family: string;
  vCpus: number;
  memoryGB: number;
  maxDataDisks: number;
  maxNics: number;
  generations: Generation[];
  architecture: 'x64' | 'Arm64';
  premiumIO: boolean;
  ephemeralOsDisk: boolean;
  encryptionAtHost: boolean;
  acceleratedNetworking: boolean;
  /** How many disks may have a write accelerator: sizes of the M series alone (learn.microsoft.com, how-to-enable-write-accelerator). */
  writeAccelerators: number;
  confidential?: true;
  controllers: ('SCSI' | 'NVMe')[];
  zones: string[];
}

const EVERY_ZONE = ['1', '2', '3'];
const BOTH: Generation[] = ['V1', 'V2'];

/** A few sizes of each kind that matters: small enough for a rescue VM, and those on which one would not do. */
export const SIZES: readonly VmSize[] = [
  sized('Standard_B2s', 'standardBSFamily', 2, 4, { ephemeralOsDisk: false }),
  sized('Standard_B2ms', 'standardBSFamily', 2, 8, { ephemeralOsDisk: false }),
  sized('Standard_DS1_v2', 'standardDSv2Family', 1, 3.5),
  sized('Standard_D2s_v3', 'standardDSv3Family', 2, 8),
  sized('Standard_D2s_v5', 'standardDSv5Family', 2, 8, { ephemeralOsDisk: false }),
  sized('Standard_D4s_v5', 'standardDSv5Family', 4, 16, { maxDataDisks: 8, ephemeralOsDisk: false }),
  sized('Standard_D4as_v5', 'standardDASv5Family', 4, 16, { maxDataDisks: 8, ephemeralOsDisk: false }),
  sized('Standard_D2as_v5', 'standardDASv5Family', 2, 8, { ephemeralOsDisk: false }),
  sized('Standard_D2ds_v5', 'standardDDSv5Family', 2, 8),
  sized('Standard_D2s_v6', 'standardDSv6Family', 2, 8, {
    generations: ['V2'],
    controllers: ['NVMe'],
    ephemeralOsDisk: false,
  }),
  sized('Standard_D2ps_v5', 'standardDPSv5Family', 2, 8, {
    generations: ['V2'],
    architecture: 'Arm64',
    ephemeralOsDisk: false,
  }),
  sized('Standard_DC2as_v5', 'standardDCASv5Family', 2, 8, {
    generations: ['V2'],
    confidential: true,
    ephemeralOsDisk: false,
  }),
  sized('Standard_M8ms', 'standardMSFamily', 8, 218.75, {
    maxDataDisks: 8,
    maxNics: 4,
    writeAccelerators: 1,
  }),
  sized('Standard_A1_v2', 'standardAv2Family', 1, 2, {
    maxDataDisks: 2,
    generations: ['V1'],
    premiumIO: false,
    ephemeralOsDisk: false,
    encryptionAtHost: false,
    acceleratedNetworking: false,
  }),
  sized('Standard_A2_v2', 'standardAv2Family', 2, 4, {
    generations: ['V1'],
    premiumIO: false,
    ephemeralOsDisk: false,
    encryptionAtHost: false,
    acceleratedNetworking: false,
  }),
];

function sized(
  name: string,
  family: string,
  vCpus: number,
  memoryGB: number,
  otherwise: Partial<VmSize> = {},
): VmSize {
  return {
    name,
    family,
    vCpus,
    memoryGB,
    maxDataDisks: 4,
    maxNics: 2,
    generations: BOTH,
    architecture: 'x64',
    premiumIO: true,
    ephemeralOsDisk: true,
    encryptionAtHost: true,
    acceleratedNetworking: true,
    writeAccelerators: 0,
    controllers: ['SCSI'],
    zones: EVERY_ZONE,
    ...otherwise,
  };
}
