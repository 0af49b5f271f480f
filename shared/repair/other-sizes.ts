import type { OfferedSize, Usage } from './rescue-size.ts';

/** How many are named. */
const MOST_NAMED = 3;

/**
 * Sizes to which a person may change a VM that finds no host: offered at this moment in its zone and within quota, with what its own size has and
 * at most twice its cores; the smallest first, none of its own family.
 */
export function otherSizes(
  { sizes, usage }: { sizes: readonly OfferedSize[]; usage: Usage },
  { size, zone }: { size: string; zone: string | null },
): string[] {
  const own = sizes.find(({ name }) => name.toLowerCase() === size.toLowerCase());
  if (!own) return [];
  return sizes
    .filter((other) => isLike(other, own) && isToBeHad(other, zone, usage))
    .sort((one, other) => one.vCpus - other.vCpus || one.memoryGb - other.memoryGb)
    .slice(0, MOST_NAMED)
    .map(({ name }) => name);
}

function isLike(other: OfferedSize, own: OfferedSize): boolean {
  const has = (of: readonly string[], wanted: readonly string[]): boolean =>
    wanted.every((one) => of.includes(one));
  return (
    other.family !== own.family &&
    other.vCpus >= own.vCpus &&
    other.vCpus <= 2 * own.vCpus &&
    other.memoryGb >= own.memoryGb &&
    other.maxDataDisks >= own.maxDataDisks &&
    other.architecture === own.architecture &&
    other.confidential === own.confidential &&
    other.gpus === own.gpus &&
    has(other.generations, own.generations) &&
    has(other.controllers, own.controllers) &&
    (other.premium || !own.premium) &&
    (other.encryptionAtHost || !own.encryptionAtHost)
  );
}

function isToBeHad(
  { offered, zones, family, vCpus }: OfferedSize,
  zone: string | null,
  usage: Usage,
): boolean {
  const quota = usage.get(family.toLowerCase());
  return offered && (zone === null || zones.includes(zone)) && (!quota || quota.used + vCpus <= quota.limit);
}
