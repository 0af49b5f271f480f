/**
 * Reads the prices of `shared/repair/prices.json` anew from the Azure Retail Prices API. It needs the Internet, so no test and no build
 * runs it: a person does, now and then, and looks at what changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import table from '../shared/repair/prices.json' with { type: 'json' };
import { retailItems } from './prices/retail.ts';
import { sampleSize, tableOf } from './prices/table.ts';

const FILE = join(import.meta.dirname, '../shared/repair/prices.json');
const REGION = 'eastus';

const sizes = Object.keys(table.windowsVcpuHour).map((family) => `armSkuName eq '${sampleSize(family)}'`);
const items = [
  ...(await retailItems(
    `serviceName eq 'Virtual Machines' and armRegionName eq '${REGION}' and (${sizes.join(' or ')})`,
  )),
  ...(await retailItems(
    `serviceName eq 'Storage' and armRegionName eq '${REGION}' and contains(productName, 'Managed Disks')`,
  )),
];
const { prices, kept } = tableOf(table, items);
const before = readFileSync(FILE, 'utf8');
const source = kept.length === 0 ? 'read from the Azure Retail Prices API' : table.source;
const after = { ...table, ...prices, asOf: new Date().toISOString().slice(0, 7), source };
const text = await format(JSON.stringify(after), { parser: 'json', printWidth: 110 });
writeFileSync(FILE, text);
process.stdout.write(text === before ? 'Nothing changed.\n' : `Written: ${FILE}\n`);
if (kept.length > 0) process.stdout.write(`Not in the API, so kept as they were: ${kept.join(', ')}\n`);
