import type { Inspection } from '../model/inspection.ts';

/** A size as Azure tells of it, with what the subscription may have of it. */
export interface OfferedSize {
  name: string;
  family: string;
  vCpus: number;
  memoryGb: number;
  maxDataDisks: number;
  generations: readonly string[];
  controllers: readonly string[];
  architecture: string;
  premium: boolean;
  encryptionAtHost: boolean;
  confidential: boolean;
  gpus: number;
  /** Zones in which it may be had; none in a region without zones. */
  zones: readonly string[];
  /** Whether the subscription may have it in the region at all. */
  offered: boolean;
}

/** How much of a quota is used, by the quota's name (a family of sizes, or `cores`). */
export type Usage = ReadonlyMap<string, { used: number; limit: number }>;

/** What the broken VM asks of its rescue VM. */
export interface RescueNeeds {
  zone: string | null;
  encryptionAtHost: boolean;
  premium: boolean;
}

/** Sizes that most regions offer, for when the service may not ask what is offered here. */
export const USUAL_SIZES = [
  'Standard_D2s_v5',
  'Standard_D2as_v5',
  'Standard_D2s_v4',
  'Standard_D2s_v3',
  'Standard_B2ms',
];

/** How many are tried one after the other. */
const MOST_TRIES = 5;

/** What a VM asks of its rescue VM. */
export function rescueNeeds({ zone, encryptionAtHost, osDisk }: Inspection): RescueNeeds {
  return { zone, encryptionAtHost, premium: osDisk?.sku.startsWith('Premium') === true };
}

/** Every size that would do and can be had, the smallest first. */
export function fittingSizes(
  { sizes, usage }: { sizes: readonly OfferedSize[]; usage: Usage },
  needs: RescueNeeds,
): OfferedSize[] {
  return sizes.filter((size) => isFit(size, needs) && isWithinQuota(size, usage)).sort(smallestFirst);
}

/**
 * Sizes for the rescue VM, the smallest that can be had first, of one family after the other: where one has no room, another of the family
 * has none either.
 * @param preferred the size that the app's setting names: tried first, whatever is said of it
 */
export function rescueSizes(
  offer: { sizes: readonly OfferedSize[]; usage: Usage } | undefined,
  needs: RescueNeeds,
  preferred: string | undefined,
): string[] {
  const first = preferred === undefined ? [] : [preferred];
  const found = offer
    ? fittingSizes(offer, needs)
        .filter(isFirstOfFamily)
        .map(({ name }) => name)
    : USUAL_SIZES;
  const all = [...first, ...found.filter((name) => name.toLowerCase() !== preferred?.toLowerCase())];
  return (all.length > 0 ? all : USUAL_SIZES).slice(0, MOST_TRIES);
}

/** Windows with its agent: less makes the repair, and so the downtime, longer. */
const LEAST = { vCpus: 2, memoryGb: 4, dataDisks: 3 };

/**
 * Generation 2, as the rescue image is; SCSI, or the attached disk is not found where scripts look for it
 * (Azure/azure-cli-extensions#10305); x64, as the image is.
 */
function isFit(size: OfferedSize, { zone, encryptionAtHost, premium }: RescueNeeds): boolean {
  return (
    size.offered &&
    (zone === null || size.zones.includes(zone)) &&
    size.vCpus >= LEAST.vCpus &&
    size.memoryGb >= LEAST.memoryGb &&
    size.maxDataDisks >= LEAST.dataDisks &&
    size.generations.includes('V2') &&
    size.controllers.includes('SCSI') &&
    size.architecture === 'x64' &&
    (size.premium || !premium) &&
    (size.encryptionAtHost || !encryptionAtHost) &&
    !size.confidential &&
    size.gpus === 0
  );
}

function isWithinQuota({ family, vCpus }: OfferedSize, usage: Usage): boolean {
  return [family.toLowerCase(), 'cores'].every((name) => {
    const known = usage.get(name);
    return known === undefined || known.used + vCpus <= known.limit;
  });
}

/** A burstable one only where nothing else of its size is to be had: without credits it is slow, and so is the repair. */
function smallestFirst(one: OfferedSize, other: OfferedSize): number {
  return (
    one.vCpus - other.vCpus ||
    Number(isBurstable(one)) - Number(isBurstable(other)) ||
    one.memoryGb - other.memoryGb ||
    rank(one) - rank(other) ||
    one.name.localeCompare(other.name)
  );
}

function isBurstable({ name }: OfferedSize): boolean {
  return /^Standard_B/i.test(name);
}

/** Of sizes alike, first those that most regions have. */
function rank({ name }: OfferedSize): number {
  const at = USUAL_SIZES.indexOf(name);
  return at < 0 ? USUAL_SIZES.length : at;
}

function isFirstOfFamily(size: OfferedSize, index: number, all: readonly OfferedSize[]): boolean {
  return all.findIndex(({ family }) => family === size.family) === index;
}
