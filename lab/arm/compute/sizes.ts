import type { Generation } from '../vm-spec.ts';

export interface VmSize {
  name: string;
  family: string;
  vCpus: number;
  memoryGB: number;
  maxDataDisks: number;
  generations: Generation[];
  premiumIO: boolean;
  ephemeralOsDisk: boolean;
  confidential?: boolean;
  controllers?: ('SCSI' | 'NVMe')[];
  zones: string[];
}

const EVERY_ZONE = ['1', '2', '3'];
const BOTH: Generation[] = ['V1', 'V2'];

/** A few sizes of each kind that matters: with and without generation 2, small enough for a rescue VM, NVMe, confidential. */
export const SIZES: readonly VmSize[] = [
  { ...sized('Standard_B2s', 'standardBSFamily', 2, 4, 4), ephemeralOsDisk: false },
  { ...sized('Standard_B2ms', 'standardBSFamily', 2, 8, 4), ephemeralOsDisk: false },
  sized('Standard_DS1_v2', 'standardDSv2Family', 1, 3.5, 4),
  sized('Standard_D2s_v3', 'standardDSv3Family', 2, 8, 4),
  { ...sized('Standard_D2s_v5', 'standardDSv5Family', 2, 8, 4), ephemeralOsDisk: false },
  { ...sized('Standard_D4s_v5', 'standardDSv5Family', 4, 16, 8), ephemeralOsDisk: false },
  { ...sized('Standard_D2as_v5', 'standardDASv5Family', 2, 8, 4), ephemeralOsDisk: false },
  sized('Standard_D2ds_v5', 'standardDDSv5Family', 2, 8, 4),
  {
    ...sized('Standard_D2s_v6', 'standardDSv6Family', 2, 8, 4),
    generations: ['V2'],
    controllers: ['NVMe'],
    ephemeralOsDisk: false,
  },
  {
    ...sized('Standard_DC2as_v5', 'standardDCASv5Family', 2, 8, 4),
    generations: ['V2'],
    confidential: true,
    ephemeralOsDisk: false,
  },
  {
    ...sized('Standard_A1_v2', 'standardAv2Family', 1, 2, 2),
    generations: ['V1'],
    premiumIO: false,
    ephemeralOsDisk: false,
  },
];

function sized(name: string, family: string, vCpus: number, memoryGB: number, maxDataDisks: number): VmSize {
  return {
    name,
    family,
    vCpus,
    memoryGB,
    maxDataDisks,
    generations: BOTH,
    premiumIO: true,
    ephemeralOsDisk: true,
    zones: EVERY_ZONE,
  };
}
