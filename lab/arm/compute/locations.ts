import { ArmError } from '../errors.ts';

/** Regions there are: the lab's own, where all its hosts stand, and one more to copy into. */
const REGIONS = ['westeurope', 'northeurope'];

/** Whether two spellings name one region: `West Europe`, `westeurope`. */
export function sameLocation(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

/** @throws ArmError 400 LocationNotAvailableForResourceType (learn.microsoft.com, common deployment errors, names the code) */
export function requireRegion(location: string, type: string): void {
  if (REGIONS.includes(normal(location))) return;
  throw new ArmError(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${REGIONS.join(',')}'.`,
    { headers: { 'x-ms-failure-cause': 'gateway' } },
  );
}

function normal(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}
