import type { ImageReference, ImageSpec } from '../arm/vm-spec.ts';
import { healthyDisk } from './disk/healthy-disk.ts';
import { SERVER_2019, SERVER_2022, SERVER_2025, type WindowsRelease } from './disk/options.ts';
import { stableDiskIdentity } from './disk/stable-id.ts';

interface Row {
  sku: string;
  version: string;
  generation: 'V1' | 'V2';
  release: WindowsRelease;
  diskSizeGB: 30 | 127;
}

/** Windows Server images of the platform, as far as fleet and rescue VMs come from them. */
const ROWS: readonly Row[] = [
  {
    sku: '2019-datacenter',
    version: '17763.6414.241001',
    generation: 'V1',
    release: SERVER_2019,
    diskSizeGB: 127,
  },
  {
    sku: '2019-datacenter-gensecond',
    version: '17763.6414.241001',
    generation: 'V2',
    release: SERVER_2019,
    diskSizeGB: 127,
  },
  {
    sku: '2019-datacenter-smalldisk',
    version: '17763.6414.241001',
    generation: 'V1',
    release: SERVER_2019,
    diskSizeGB: 30,
  },
  {
    sku: '2019-datacenter-smalldisk-g2',
    version: '17763.6414.241001',
    generation: 'V2',
    release: SERVER_2019,
    diskSizeGB: 30,
  },
  {
    sku: '2022-datacenter',
    version: '20348.2762.241006',
    generation: 'V1',
    release: SERVER_2022,
    diskSizeGB: 127,
  },
  {
    sku: '2022-datacenter-g2',
    version: '20348.2762.241006',
    generation: 'V2',
    release: SERVER_2022,
    diskSizeGB: 127,
  },
  {
    sku: '2022-datacenter-smalldisk',
    version: '20348.2762.241006',
    generation: 'V1',
    release: SERVER_2022,
    diskSizeGB: 30,
  },
  {
    sku: '2022-datacenter-smalldisk-g2',
    version: '20348.2762.241006',
    generation: 'V2',
    release: SERVER_2022,
    diskSizeGB: 30,
  },
  {
    sku: '2025-datacenter-smalldisk-g2',
    version: '26100.2033.241004',
    generation: 'V2',
    release: SERVER_2025,
    diskSizeGB: 30,
  },
];

/** The images a VM can be made from in the lab. Every disk of one image has that image's identity. */
export function makeImages(): ImageSpec[] {
  return ROWS.map(({ sku, version, generation, release, diskSizeGB }) => {
    const reference = { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku, version };
    return {
      ...reference,
      generation,
      osType: 'Windows',
      diskSizeGB,
      trustedLaunch: generation === 'V2',
      makeDisk: (computerName) =>
        healthyDisk({
          computerName,
          generation,
          release,
          identity: imageIdentity(reference, generation),
          language: 'en-US',
        }),
    };
  });
}

/** Disk identity of everything made from an image. */
export function imageIdentity(
  { publisher, offer, sku, version }: ImageReference,
  generation: 'V1' | 'V2',
): string {
  return stableDiskIdentity(generation, publisher, offer, sku, version);
}

/** Reference of an image by its SKU. */
export function imageReference(sku: string): ImageReference {
  const row = ROWS.find((candidate) => candidate.sku === sku);
  if (!row) throw new RangeError(`the lab has no image ${sku}`);
  return { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku, version: row.version };
}
