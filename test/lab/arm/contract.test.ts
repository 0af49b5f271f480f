import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { startBench, EVERYTHING, windowsVm, type Bench } from './support/lab.ts';
import { send, shapeOf, type WireAnswer } from './support/wire.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'arm');
const exampleSchema = z.object({
  parameters: z.record(z.string(), z.json()),
  responses: z.record(
    z.string(),
    z.object({ body: z.json().optional(), headers: z.record(z.string(), z.string()).optional() }),
  ),
});

const SUBSCRIPTION = `/subscriptions/${LAB_SUBSCRIPTION}`;
const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
const NETWORK = `${LAB_GROUP_ID}/providers/Microsoft.Network`;
const LOCATION = `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope`;
const IMAGE = `${LOCATION}/publishers/MicrosoftWindowsServer/artifacttypes/vmimage/offers/WindowsServer/skus/2022-datacenter-g2/versions`;
const copyOf = (id: string): object => ({
  location: 'westeurope',
  properties: { creationData: { createOption: 'Copy', sourceResourceId: id } },
});

interface Row {
  /** File name without `.json`. */
  example: string;
  method: string;
  path: string;
  body?: unknown;
  status: number;
  /** Patterns of members the example has and the lab does not: features of Azure the lab leaves out. */
  without?: RegExp;
}

const ROWS: Row[] = [
  {
    example: 'compute-virtualMachines-get',
    method: 'GET',
    path: `${COMPUTE}/virtualMachines/vm1`,
    status: 200,
    without:
      /availabilitySet|proximityPlacementGroup|applicationProfile|userData|extensionsTimeBudget|managedBy|storageUri|displayName|myTag1|resources\[\]\.tags|diskSizeGB/,
  },
  {
    example: 'compute-virtualMachines-instanceView',
    method: 'GET',
    path: `${COMPUTE}/virtualMachines/vm1/instanceView`,
    status: 200,
    without:
      /patchStatus|extensionHandlers\[\]|ScreenshotBlobUri|screenshotBlobUri|serialConsoleLogBlobUri|message/i,
  },
  {
    example: 'compute-virtualMachines-listAll',
    method: 'GET',
    path: `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`,
    status: 200,
    without: /nextLink/,
  },
  {
    example: 'compute-virtualMachineExtensions-list',
    method: 'GET',
    path: `${COMPUTE}/virtualMachines/vm1/extensions`,
    status: 200,
    without: /instanceView|suppressFailures|forceUpdateTag|enableAutomaticUpgrade|protectedSettings|tags/,
  },
  {
    example: 'compute-virtualMachines-update',
    method: 'PATCH',
    path: `${COMPUTE}/virtualMachines/vm1`,
    body: { tags: { a: 'b' } },
    status: 200,
    without: /toBeDetached|detachOption/,
  },
  {
    example: 'compute-virtualMachines-start',
    method: 'POST',
    path: `${COMPUTE}/virtualMachines/vm2/start`,
    status: 202,
  },
  {
    example: 'compute-virtualMachines-deallocate',
    method: 'POST',
    path: `${COMPUTE}/virtualMachines/vm3/deallocate`,
    status: 202,
  },
  {
    example: 'compute-virtualMachines-powerOff',
    method: 'POST',
    path: `${COMPUTE}/virtualMachines/vm4/powerOff`,
    status: 202,
  },
  {
    example: 'compute-virtualMachines-reapply',
    method: 'POST',
    path: `${COMPUTE}/virtualMachines/vm5/reapply`,
    status: 202,
  },
  {
    example: 'compute-virtualMachines-delete',
    method: 'DELETE',
    path: `${COMPUTE}/virtualMachines/vm6`,
    status: 202,
  },
  {
    example: 'compute-virtualMachines-runCommand',
    method: 'POST',
    path: `${COMPUTE}/virtualMachines/vm7/runCommand`,
    body: { commandId: 'RunPowerShellScript' },
    status: 202,
  },
  {
    example: 'compute-virtualMachineRunCommands-createOrUpdate',
    method: 'PUT',
    path: `${COMPUTE}/virtualMachines/vm7/runCommands/r`,
    body: {
      location: 'westeurope',
      tags: { tag1: 'x', tag2: 'y' },
      properties: {
        source: { script: 'x' },
        parameters: [{ name: 'a', value: 'b' }],
        runAsUser: 'user1',
        runAsPassword: 'p',
        outputBlobUri: 'https://127.0.0.1:1/a',
        errorBlobUri: 'https://127.0.0.1:1/b',
      },
    },
    status: 201,
    without: /scriptUri/,
  },
  {
    example: 'compute-virtualMachineRunCommands-delete',
    method: 'DELETE',
    path: `${COMPUTE}/virtualMachines/vm7/runCommands/r`,
    status: 202,
  },
  {
    example: 'compute-disks-get',
    method: 'GET',
    path: `${COMPUTE}/disks/vm1-osdisk`,
    status: 200,
    without:
      /purchasePlan|supportedCapabilities|supportsHibernation|imageReference|encryptionSettings\b|LastOwnershipUpdateTime|tags/,
  },
  {
    example: 'compute-disks-createOrUpdate-copy',
    method: 'PUT',
    path: `${COMPUTE}/disks/copy`,
    body: copyOf(`${COMPUTE}/disks/vm1-osdisk`),
    status: 202,
  },
  {
    example: 'compute-disks-list',
    method: 'GET',
    path: `${COMPUTE}/disks`,
    status: 200,
    without: /encryptionSettings|sourceUri|storageAccountId|tags|supportsHibernation|purchasePlan/,
  },
  {
    example: 'compute-disks-update',
    method: 'PATCH',
    path: `${COMPUTE}/disks/free`,
    body: { tags: { a: 'b' } },
    status: 202,
    without: /tier|propertyUpdatesInProgress/,
  },
  { example: 'compute-disks-delete', method: 'DELETE', path: `${COMPUTE}/disks/gone`, status: 202 },
  {
    example: 'compute-snapshots-createOrUpdate',
    method: 'PUT',
    path: `${COMPUTE}/snapshots/s`,
    body: copyOf(`${COMPUTE}/disks/vm1-osdisk`),
    status: 202,
  },
  {
    example: 'compute-snapshots-get-incremental',
    method: 'GET',
    path: `${COMPUTE}/snapshots/incremental`,
    status: 200,
    without: /purchasePlan|supportedCapabilities|supportsHibernation|encryptionSettings\b|tags/,
  },
  {
    example: 'compute-snapshots-delete',
    method: 'DELETE',
    path: `${COMPUTE}/snapshots/incremental`,
    status: 202,
  },
  {
    example: 'compute-resourceSkus-list',
    method: 'GET',
    path: `${SUBSCRIPTION}/providers/Microsoft.Compute/skus?$filter=location eq 'westeurope'`,
    status: 200,
    without: /zoneDetails\[\]|nextLink/,
  },
  {
    example: 'compute-usage-list',
    method: 'GET',
    path: `${LOCATION}/usages`,
    status: 200,
    without: /nextLink/,
  },
  {
    example: 'compute-virtualMachineImages-list',
    method: 'GET',
    path: IMAGE,
    status: 200,
    without: /tags|extendedLocation/,
  },
  {
    example: 'compute-virtualMachineImages-get',
    method: 'GET',
    path: `${IMAGE}/20348.2700.1`,
    status: 200,
    without: /plan|dataDiskImages\[\]|tags|extendedLocation|scheduledDeprecationTime|alternativeOption/,
  },
  {
    example: 'network-networkInterfaces-get',
    method: 'GET',
    path: `${NETWORK}/networkInterfaces/vm1-nic`,
    status: 200,
    without: /privateIPAddressPrefixLength|internalDomainNameSuffix|dscpConfiguration/,
  },
  {
    example: 'network-networkInterfaces-delete',
    method: 'DELETE',
    path: `${NETWORK}/networkInterfaces/free-nic`,
    status: 202,
  },
  {
    example: 'network-networkInterfaces-listEffectiveNetworkSecurityGroups',
    method: 'POST',
    path: `${NETWORK}/networkInterfaces/vm1-nic/effectiveNetworkSecurityGroups`,
    status: 202,
  },
  {
    example: 'network-networkSecurityGroups-get',
    method: 'GET',
    path: `${NETWORK}/networkSecurityGroups/vm1-nsg`,
    status: 200,
  },
  {
    example: 'network-securityRules-get',
    method: 'GET',
    path: `${NETWORK}/networkSecurityGroups/vm1-nsg/securityRules/rdp`,
    status: 200,
  },
  {
    example: 'network-securityRules-createOrUpdate',
    method: 'PUT',
    path: `${NETWORK}/networkSecurityGroups/vm1-nsg/securityRules/new`,
    body: {
      properties: {
        protocol: '*',
        sourceAddressPrefix: '10.0.0.0/8',
        destinationAddressPrefix: '11.0.0.0/8',
        access: 'Deny',
        destinationPortRange: '8080',
        sourcePortRange: '*',
        priority: 100,
        direction: 'Outbound',
      },
    },
    status: 201,
  },
  {
    example: 'network-securityRules-delete',
    method: 'DELETE',
    path: `${NETWORK}/networkSecurityGroups/vm2-nsg/securityRules/rdp`,
    status: 202,
  },
  {
    example: 'network-publicIPAddresses-get',
    method: 'GET',
    path: `${NETWORK}/publicIPAddresses/vm1-ip`,
    status: 200,
    without: /ddosProtectionPlan|ipTags\[\]/,
  },
  {
    example: 'network-virtualNetworks-get',
    method: 'GET',
    path: `${NETWORK}/virtualNetworks/vnet-fleet`,
    status: 200,
    without: /ipConfigurations|defaultPublicNatGateway/,
  },
  {
    example: 'network-subnets-get',
    method: 'GET',
    path: `${NETWORK}/virtualNetworks/vnet-fleet/subnets/default`,
    status: 200,
  },
  {
    example: 'authorization-locks-listByScope',
    method: 'GET',
    path: `${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`,
    status: 200,
  },
  {
    example: 'authorization-permissions-listForResourceGroup',
    method: 'GET',
    path: `${LAB_GROUP_ID}/providers/Microsoft.Authorization/permissions`,
    status: 200,
    without: /nextLink/,
  },
  {
    example: 'resources-resourceGroups-createOrUpdate',
    method: 'PUT',
    path: `${SUBSCRIPTION}/resourcegroups/rg-new`,
    body: { location: 'westeurope' },
    status: 201,
  },
  {
    example: 'resources-resourceGroups-delete',
    method: 'DELETE',
    path: `${SUBSCRIPTION}/resourcegroups/rg-gone`,
    status: 202,
  },
];

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ role: EVERYTHING });
  const { lab } = bench;
  const full = {
    dataDisks: [{ lun: 0, content: { style: 'GPT' as const, identity: 'data', partitions: [] } }],
  };
  await lab.addVm(
    windowsVm('vm1', {
      ...full,
      securityType: 'TrustedLaunch',
      azureDiskEncryption: true,
      tags: { app: 'shop' },
      extensions: [
        { name: 'ade', publisher: 'Microsoft.Azure.Security', type: 'AzureDiskEncryption', version: '2.2' },
      ],
    }),
  );
  for (let count = 2; count <= 7; count += 1) await lab.addVm(windowsVm(`vm${String(count)}`));
  lab.addResourceGroup('rg-gone');
  const version = 'api-version=2026-03-02';
  const empty = {
    location: 'westeurope',
    properties: { diskSizeGB: 4, creationData: { createOption: 'Empty' } },
  };
  await send(lab, 'PUT', `${COMPUTE}/disks/free?${version}`, empty);
  await send(lab, 'PUT', `${COMPUTE}/disks/gone?${version}`, empty);
  await send(lab, 'PUT', `${COMPUTE}/snapshots/incremental?${version}`, {
    location: 'westeurope',
    properties: {
      incremental: true,
      creationData: { createOption: 'Copy', sourceResourceId: `${COMPUTE}/disks/vm1-osdisk` },
    },
  });
  await send(lab, 'PUT', `${NETWORK}/networkInterfaces/free-nic?api-version=2026-01-01`, {
    location: 'westeurope',
    properties: {
      ipConfigurations: [
        {
          name: 'i',
          properties: { subnet: { id: `${NETWORK}/virtualNetworks/vnet-fleet/subnets/default` } },
        },
      ],
    },
  });
  await bench.clock.idle();
});
afterAll(() => bench.close());

const VERSIONS: [RegExp, string][] = [
  [/Microsoft\.Authorization\/locks/, '2020-05-01'],
  [/Microsoft\.Authorization/, '2022-04-01'],
  [/Microsoft\.Network/, '2026-01-01'],
  [/\/skus\b(?!\/)/, '2021-07-01'],
  [/\/(disks|snapshots)\b/, '2026-03-02'],
  [/Microsoft\.Compute/, '2026-04-01'],
  [/./, '2025-04-01'],
];

async function call({ method, path, body }: Row): Promise<WireAnswer> {
  const version = VERSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const address = `${encodeURI(path)}${path.includes('?') ? '&' : '?'}api-version=${version}`;
  return send(bench.lab, method, address, body);
}

describe('answers have the members of the published examples', () => {
  it.each(ROWS.map((row): [string, Row] => [row.example, row]))('%s', async (_name, row) => {
    const example = exampleSchema.parse(
      JSON.parse(readFileSync(join(FIXTURES, `${row.example}.json`), 'utf8')),
    );
    if (row.example.startsWith('authorization-locks'))
      bench.lab.addLock(LAB_GROUP_ID, 'testlock', 'ReadOnly');
    const answer = await call(row);
    if (row.example.startsWith('authorization-locks')) {
      for (const { id } of bench.lab.store.locks.within('/')) bench.lab.store.locks.remove(id);
    }
    expect(answer.status).toBe(row.status);
    const published = example.responses[String(row.status)] ?? example.responses['200'];
    const shown = shapeOf(answer.body);
    const missing = [...shapeOf(published?.body)].filter(
      (member) => !shown.has(member) && !row.without?.test(member),
    );
    expect(missing).toEqual([]);
    for (const header of Object.keys(published?.headers ?? {})) {
      const named = header.toLowerCase();
      expect(Object.keys(answer.headers)).toContain(named);
    }
  });
});
