import type { ResourceSku } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { OfferedSize, Usage } from '../repair/rescue-size.ts';
import { arm } from './arm-error.ts';
import type { Azure } from './clients.ts';

/** Sizes of VMs in a region, with what the subscription may have and has used. */
export interface Offer {
  sizes: OfferedSize[];
  usage: Usage;
}

/**
 * Asks what sizes the region offers the subscription at this moment, with its quota. Both are read at the subscription, where the role need
 * not be assigned: `undefined` where the service may not.
 * Source: Resource Skus - List, Usage - List (learn.microsoft.com, rest/api/compute).
 * @throws MedicError a retryable Azure error.
 */
export async function readOffer(
  azure: Azure,
  { subscriptionId, location }: { subscriptionId: string; location: string },
): Promise<Offer | undefined> {
  const { compute } = await azure(subscriptionId);
  const sizes: OfferedSize[] = [];
  const usage = new Map<string, { used: number; limit: number }>();
  try {
    await arm(async () => {
      for await (const sku of compute.resourceSkus.list({ filter: `location eq '${location}'` }))
        if (sku.resourceType === 'virtualMachines') sizes.push(toSize(sku, location));
      for await (const { name, currentValue, limit } of compute.usage.list(location))
        if (name.value !== undefined) usage.set(name.value.toLowerCase(), { used: currentValue, limit });
    });
  } catch (error) {
    if (error instanceof MedicError && (error.code === 'AccessDenied' || error.code === 'AzureRefused'))
      return undefined;
    throw error;
  }
  return { sizes, usage };
}

function toSize(sku: ResourceSku, location: string): OfferedSize {
  const { name = '', family = '', capabilities = [], restrictions = [] } = sku;
  const told = new Map(capabilities.map((one) => [one.name ?? '', one.value ?? '']));
  const number = (capability: string, otherwise = 0): number =>
    Number(told.get(capability) ?? otherwise) || 0;
  const list = (capability: string, otherwise: string): string[] =>
    (told.get(capability) ?? otherwise).split(',').map((one) => one.trim());
  const closed = new Set(
    restrictions.flatMap(({ type, restrictionInfo }) =>
      type === 'Zone' ? (restrictionInfo?.zones ?? []) : [],
    ),
  );
  const place = (sku.locationInfo ?? []).find((one) => isSameRegion(one.location, location));
  return {
    name,
    family,
    vCpus: number('vCPUs'),
    memoryGb: number('MemoryGB'),
    maxDataDisks: number('MaxDataDiskCount'),
    generations: list('HyperVGenerations', 'V1'),
    controllers: list('DiskControllerTypes', 'SCSI'),
    architecture: told.get('CpuArchitectureType') ?? 'x64',
    premium: told.get('PremiumIO') === 'True',
    encryptionAtHost: told.get('EncryptionAtHostSupported') === 'True',
    confidential: told.has('ConfidentialComputingType'),
    gpus: number('GPUs'),
    zones: (place?.zones ?? []).filter((zone) => !closed.has(zone)),
    offered: !restrictions.some(({ type }) => type === 'Location'),
  };
}

function isSameRegion(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
