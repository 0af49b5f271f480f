import table from '../../shared/repair/prices.json' with { type: 'json' };
import { retailItems, type PriceItem } from '../../scripts/prices/retail.ts';
import { sampleSize, tableOf } from '../../scripts/prices/table.ts';

const item = (given: Partial<PriceItem>): PriceItem => ({
  armSkuName: '',
  skuName: '',
  productName: '',
  meterName: '',
  retailPrice: 1,
  type: 'Consumption',
  ...given,
});
const windows = { armSkuName: 'Standard_D2s_v5', productName: 'Virtual Machines Dsv5 Series Windows' };

it.each([
  ['Bms', 'Standard_B2ms'],
  ['Dsv5', 'Standard_D2s_v5'],
  ['Dasv4', 'Standard_D2as_v4'],
])('The price of the family %s is that of %s', (family, size) => {
  expect(sampleSize(family)).toBe(size);
});

it('Prices are of Windows, bought as it is used, and a processor each', () => {
  const { prices } = tableOf(table, [
    item({ ...windows, productName: 'Virtual Machines Dsv5 Series', skuName: 'D2s v5', retailPrice: 0.096 }),
    item({ ...windows, skuName: 'D2s v5 Spot', retailPrice: 0.02 }),
    item({ ...windows, skuName: 'D2s v5', type: 'DevTestConsumption', retailPrice: 0.096 }),
    item({ ...windows, skuName: 'D2s v5', retailPrice: 0.2 }),
  ]);
  expect(prices.windowsVcpuHour['Dsv5']).toBe(0.1);
});

it('Disks are priced by their tier, and snapshots by the GiB', () => {
  const { prices, kept } = tableOf(table, [
    item({ productName: 'Premium SSD Managed Disks', meterName: 'P10 LRS Disk Mount', retailPrice: 1.2 }),
    item({ productName: 'Premium SSD Managed Disks', meterName: 'P10 LRS Disk', retailPrice: 20 }),
    item({ productName: 'Standard HDD Managed Disks', skuName: 'Snapshots LRS', retailPrice: 0.06 }),
  ]);
  expect(prices.diskMonth['Premium']).toMatchObject({ '128': 20, '256': table.diskMonth.Premium['256'] });
  expect(prices.snapshotGibMonth).toBe(0.06);
  expect(kept).toContain('Premium 256 GiB');
  expect(kept).not.toContain('Premium 128 GiB');
});

it('All pages are read', async () => {
  const pages = [
    { Items: [item({ meterName: 'one' })], NextPageLink: 'https://prices.azure.com/more' },
    { Items: [item({ meterName: 'two' })], NextPageLink: null },
  ];
  const asked: string[] = [];
  const get = (address: string): Promise<Response> => {
    asked.push(address);
    return Promise.resolve(Response.json(pages[asked.length - 1]));
  };
  const found = await retailItems("armRegionName eq 'eastus'", get);
  expect(found.map(({ meterName }) => meterName)).toEqual(['one', 'two']);
  expect(asked[1]).toBe('https://prices.azure.com/more');
});
