import type { ResourceSku, Usage } from '@azure/arm-compute';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';

export interface WantedSize {
  subscriptionId: string;
  location: string;
  size: string;
  /** The zone in which the VM would stand; `null`: none. */
  zone: string | null;
}

/** Whether a VM of a size could be made somewhere, as far as the catalogue and the quota say: a free host is promised by neither. */
export interface SizeOffer {
  /** Why it is not offered there; empty where it is. */
  refusedBecause: string;
  /** Cores that one VM of it takes. */
  cores: number;
  /** `SCSI`, `NVMe`; empty where the catalogue does not say. */
  controllers: readonly string[];
  /** Cores that are left in its family and in the region; `undefined` where the catalogue names none. */
  left: { family: number | undefined; region: number | undefined };
}

/**
 * Reads catalogue and quota.
 * Source: Resource Skus - List, Usage - List (learn.microsoft.com, rest/api/compute).
 * @throws MedicError `AccessDenied` where the caller may not read them
 */
export async function readSizeOffer(azure: Azure, wanted: WantedSize): Promise<SizeOffer> {
  const { subscriptionId, location, size } = wanted;
  const { compute } = azure(subscriptionId);
  const sku = await arm(async () => {
    for await (const one of compute.resourceSkus.list({ filter: `location eq '${location}'` }))
      if (one.resourceType === 'virtualMachines' && one.name?.toLowerCase() === size.toLowerCase())
        return one;
    return undefined;
  });
  if (!sku)
    return {
      refusedBecause: `There is no size ${size} in ${location}.`,
      cores: 0,
      controllers: [],
      left: { family: undefined, region: undefined },
    };
  const usages = await arm(async () => {
    const all: Usage[] = [];
    for await (const usage of compute.usage.list(location)) all.push(usage);
    return all;
  });
  return {
    refusedBecause: restrictionOf(sku, wanted),
    cores: Number(capability(sku, 'vCPUs') ?? 0),
    controllers: (capability(sku, 'DiskControllerTypes') ?? '').split(',').filter((name) => name !== ''),
    left: { family: leftOf(usages, sku.family), region: leftOf(usages, 'cores') },
  };
}

function restrictionOf({ restrictions = [], locationInfo = [] }: ResourceSku, wanted: WantedSize): string {
  const { size, location, zone } = wanted;
  const restriction = restrictions.find(
    ({ type, restrictionInfo }) =>
      type === 'Location' || (zone !== null && restrictionInfo?.zones?.includes(zone) === true),
  );
  if (restriction)
    return `${size} cannot be had in ${location}${restriction.type === 'Zone' ? `, zone ${zone ?? ''}` : ''}: ${restriction.reasonCode ?? 'it is restricted'}.`;
  const zones = locationInfo.flatMap((info) => info.zones ?? []);
  if (zone !== null && !zones.includes(zone)) return `${size} is not offered in zone ${zone} of ${location}.`;
  return '';
}

function capability({ capabilities = [] }: ResourceSku, name: string): string | undefined {
  return capabilities.find((one) => one.name === name)?.value;
}

function leftOf(usages: readonly Usage[], name: string | undefined): number | undefined {
  const usage = usages.find((one) => one.name.value?.toLowerCase() === name?.toLowerCase());
  return usage ? usage.limit - usage.currentValue : undefined;
}
