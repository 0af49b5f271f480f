import { ArmError } from '../errors.ts';
import type { ImageReference, ImageSpec } from '../vm-spec.ts';
import { SIZES, type VmSize } from './sizes.ts';

/** Why a size cannot be had. */
interface Restriction {
  size: string;
  /** Only in this zone; everywhere in the region without it. */
  zone?: string;
  reasonCode: 'QuotaId' | 'NotAvailableForSubscription';
}

/** What can be bought in the lab's region: sizes with their restrictions, quota, images. */
export interface Catalogue {
  location: string;
  sizes: readonly VmSize[];
  /** @throws ArmError 400 for a size that does not exist */
  size(name: string): VmSize;
  restrictions: Restriction[];
  /** Sizes of which no host is free: starting or creating a VM fails in its operation. */
  exhausted: { size: string; zone?: string }[];
  /** Cores by family (`standardDSv5Family`), and `cores` for the region. */
  quota: Map<string, number>;
  images: ImageSpec[];
  findImage(reference: Partial<ImageReference>): ImageSpec | undefined;
}

const DEFAULT_FAMILY_CORES = 100;
const DEFAULT_REGION_CORES = 350;

export function createCatalogue(location: string): Catalogue {
  const images: ImageSpec[] = [];
  const families = new Set(SIZES.map(({ family }) => family));
  return {
    location,
    sizes: SIZES,
    size(name) {
      const found = SIZES.find((size) => size.name.toLowerCase() === name.toLowerCase());
      if (found) return found;
      throw new ArmError(
        400,
        'InvalidParameter',
        `The value ${name} provided for the VM size is not valid.`,
        { target: 'vmSize' },
      );
    },
    restrictions: [],
    exhausted: [],
    quota: new Map([
      ['cores', DEFAULT_REGION_CORES],
      ...[...families].map((family): [string, number] => [family, DEFAULT_FAMILY_CORES]),
    ]),
    images,
    findImage({ publisher, offer, sku, version = 'latest' }) {
      const same = (one: string, other: string | undefined): boolean =>
        one.toLowerCase() === other?.toLowerCase();
      const versions = images
        .filter(
          (image) => same(image.publisher, publisher) && same(image.offer, offer) && same(image.sku, sku),
        )
        .sort((one, other) => one.version.localeCompare(other.version, 'en', { numeric: true }));
      return version.toLowerCase() === 'latest'
        ? versions.at(-1)
        : versions.find((image) => image.version === version);
    },
  };
}
