import type { PriceItem } from './retail.ts';

/** What `shared/repair/prices.json` holds of prices. */
export interface Prices {
  readonly windowsVcpuHour: Readonly<Record<string, number>>;
  readonly diskMonth: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly snapshotGibMonth: number;
}

/** Products of managed disks, and the letter of their tiers, by the type of a disk. */
const DISKS: Readonly<Record<string, readonly [product: string, letter: string]>> = {
  Premium: ['Premium SSD Managed Disks', 'P'],
  StandardSSD: ['Standard SSD Managed Disks', 'E'],
  Standard: ['Standard HDD Managed Disks', 'S'],
};
/** Number of the tier by its size in GiB (learn.microsoft.com/azure/virtual-machines/disks-types). */
const TIERS: Readonly<Record<string, number>> = {
  '32': 4,
  '64': 6,
  '128': 10,
  '256': 15,
  '512': 20,
  '1024': 30,
  '2048': 40,
  '4095': 50,
};

/** A size of two virtual processors of each family: `Dsv5` is read from `Standard_D2s_v5`. */
export function sampleSize(family: string): string {
  const [, letters = '', suffix = '', version = ''] = /^([A-Z]+)([a-z]*?)(v\d+)?$/.exec(family) ?? [];
  return `Standard_${letters}2${suffix}${version === '' ? '' : `_${version}`}`;
}

/**
 * The same table with the prices of today; what the items do not hold keeps the price that it had, and is named.
 * @param items of virtual machines and of storage in one region
 */
export function tableOf(
  old: Prices,
  items: readonly PriceItem[],
): { prices: Prices; kept: readonly string[] } {
  const kept: string[] = [];
  const priced = (name: string, before: number, found: number | undefined): number => {
    if (found === undefined) kept.push(name);
    return found ?? before;
  };
  const bought = items.filter(({ type }) => type === 'Consumption');
  const windowsVcpuHour = mapValues(old.windowsVcpuHour, (family, before) => {
    const hour = windowsHour(bought, sampleSize(family));
    return priced(family, before, hour === undefined ? undefined : round(hour / 2));
  });
  const diskMonth = mapValues(old.diskMonth, (type, tiers) =>
    mapValues(tiers, (gib, before) => priced(`${type} ${gib} GiB`, before, diskOf(bought, type, gib))),
  );
  const snapshot = bought.find(
    ({ productName, skuName }) => productName === DISKS['Standard']?.[0] && skuName === 'Snapshots LRS',
  );
  const snapshotGibMonth = priced('snapshot', old.snapshotGibMonth, snapshot?.retailPrice);
  return { prices: { windowsVcpuHour, diskMonth, snapshotGibMonth }, kept };
}

/** Without what Azure may take away again. */
function windowsHour(items: readonly PriceItem[], size: string): number | undefined {
  return items.find(
    ({ armSkuName, productName, skuName }) =>
      armSkuName === size && productName.endsWith('Windows') && !/Spot|Low Priority/.test(skuName),
  )?.retailPrice;
}

function diskOf(items: readonly PriceItem[], type: string, gib: string): number | undefined {
  const [product, letter = ''] = DISKS[type] ?? [];
  const meter = `${letter}${String(TIERS[gib])} LRS Disk`;
  return items.find(({ productName, meterName }) => productName === product && meterName === meter)
    ?.retailPrice;
}

function round(price: number): number {
  return Math.round(price * 10_000) / 10_000;
}

function mapValues<One, Other>(
  record: Readonly<Record<string, One>>,
  map: (key: string, value: One) => Other,
): Record<string, Other> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}
