import * as z from 'zod';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { bring, ask } from './support/ask.ts';
import { NETWORK, SUBSCRIPTION } from './support/contract.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

/** What the Azure command line asks beyond what the service does. */

const namesSchema = z.object({ value: z.array(z.object({ name: z.string() })) });

const PUBLISHERS = `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/publishers`;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
  await bench.lab.addVm(windowsVm('elsewhere', { resourceGroup: 'rg-other', tags: { owner: 'ops' } }));
});
afterAll(() => bench.close());

/** As the operator, who owns what there is. */
const get = (path: string, version: string) =>
  send(bench.lab, 'GET', `${path}?api-version=${version}`, undefined, {
    Authorization: `Bearer ${bench.lab.identity.issue(3600, bench.lab.identity.operator)}`,
  });

describe('who has signed in', () => {
  it('finds the subscription and the tenant', async () => {
    const subscription = {
      id: SUBSCRIPTION,
      subscriptionId: LAB_SUBSCRIPTION,
      tenantId: bench.lab.identity.principal.tenantId,
      state: 'Enabled',
    };
    expect((await get('/subscriptions', '2019-11-01')).body).toMatchObject({ value: [subscription] });
    expect((await get(SUBSCRIPTION, '2022-12-01')).body).toMatchObject(subscription);
    expect((await get('/tenants', '2019-11-01')).body).toMatchObject({
      value: [{ tenantId: subscription.tenantId }],
    });
  });

  it('is told of a subscription that is not there, and of a version that is none', async () => {
    expect(await get('/subscriptions/00000000-0000-4000-8000-00000000dead', '2022-12-01')).toMatchObject({
      status: 404,
      body: { error: { code: 'SubscriptionNotFound' } },
    });
    expect(await get('/subscriptions', '2021-04-01')).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidApiVersionParameter' } },
    });
  });
});

it('finds an image from publisher to version', async () => {
  const offers = `${PUBLISHERS}/MicrosoftWindowsServer/artifacttypes/vmimage/offers`;
  expect((await ask(bench, 'GET', PUBLISHERS)).body).toMatchObject([{ name: 'MicrosoftWindowsServer' }]);
  expect((await ask(bench, 'GET', offers)).body).toMatchObject([{ name: 'WindowsServer' }]);
  expect((await ask(bench, 'GET', `${offers}/WindowsServer/skus`)).body).toMatchObject([
    { name: '2019-datacenter-smalldisk' },
    { name: '2022-datacenter-g2' },
  ]);
  expect((await ask(bench, 'GET', `${PUBLISHERS}/nobody/artifacttypes/vmimage/offers`)).body).toEqual([]);
});

describe('resources of every kind', () => {
  const namesAt = async (path: string, filter?: string): Promise<unknown> => {
    const { body } = await ask(
      bench,
      'GET',
      `${path}/resources${filter === undefined ? '' : `?$filter=${filter}`}`,
    );
    return namesSchema
      .parse(body)
      .value.map(({ name }) => name)
      .sort();
  };

  it('are listed by group, by type and by tag', async () => {
    const here = ['vm1', 'vm1-ip', 'vm1-nic', 'vm1-nsg', 'vm1-osdisk', 'vnet-fleet'];
    expect(await namesAt(LAB_GROUP_ID)).toEqual(here);
    expect(await namesAt(SUBSCRIPTION, `resourceGroup eq 'rg-fleet'`)).toEqual(here);
    expect(await namesAt(SUBSCRIPTION, `resourceType eq 'microsoft.compute/virtualmachines'`)).toEqual([
      'elsewhere',
      'vm1',
    ]);
    expect(await namesAt(SUBSCRIPTION, `tagname eq 'owner' and tagvalue eq 'ops'`)).toEqual(['elsewhere']);
  });

  it('are not listed for a group that is not there, nor by a filter not understood', async () => {
    expect(await ask(bench, 'GET', `${SUBSCRIPTION}/resourceGroups/rg-none/resources`)).toMatchObject({
      status: 404,
      code: 'ResourceGroupNotFound',
    });
    expect(await ask(bench, 'GET', `${SUBSCRIPTION}/resources?$filter=color eq 'red'`)).toMatchObject({
      status: 400,
      code: 'InvalidFilterInQueryString',
    });
  });
});

it('makes a network, a public address and a NIC that uses them', async () => {
  const network = `${NETWORK}/virtualNetworks/own`;
  const address = `${NETWORK}/publicIPAddresses/own-ip`;
  const made = await bring(bench, 'PUT', network, {
    location: 'westeurope',
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'inside', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  });
  const given = await bring(bench, 'PUT', address, {
    location: 'westeurope',
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  });
  const nic = await bring(bench, 'PUT', `${NETWORK}/networkInterfaces/own-nic`, {
    location: 'westeurope',
    properties: {
      ipConfigurations: [
        {
          name: 'i',
          properties: { subnet: { id: `${network}/subnets/inside` }, publicIPAddress: { id: address } },
        },
      ],
    },
  });
  expect([made.status, given.status, nic.status]).toEqual([201, 201, 201]);
  expect((await ask(bench, 'GET', `${network}/subnets`)).body).toMatchObject({ value: [{ name: 'inside' }] });
  expect((await ask(bench, 'GET', address)).body).toMatchObject({
    properties: {
      provisioningState: 'Succeeded',
      ipAddress: expect.any(String),
      ipConfiguration: { id: `${NETWORK}/networkInterfaces/own-nic/ipConfigurations/i` },
    },
  });
  expect(
    await ask(
      bench,
      'PUT',
      `${SUBSCRIPTION}/resourceGroups/none/providers/Microsoft.Network/virtualNetworks/own`,
      {
        location: 'westeurope',
        properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
      },
    ),
  ).toMatchObject({ status: 404, code: 'ResourceGroupNotFound' });
});

describe('scripts', () => {
  it('have a document each', async () => {
    const documents = `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/runCommands`;
    expect((await ask(bench, 'GET', documents)).body).toMatchObject({
      value: [{ id: 'RunPowerShellScript', osType: 'Windows' }, { id: 'RunShellScript' }],
    });
    expect((await ask(bench, 'GET', `${documents}/RunShellScript`)).body).toMatchObject({
      script: [expect.stringContaining('echo')],
    });
    expect(await ask(bench, 'GET', `${documents}/IPConfig`)).toMatchObject({ status: 404 });
  });

  it('run again when one of them is changed, with what was not named as before', async () => {
    const command = `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/vm1/runCommands/r`;
    await bring(bench, 'PUT', command, {
      location: 'westeurope',
      properties: { source: { script: 'first' }, parameters: [{ name: 'a', value: 'b' }] },
    });
    const changed = await bring(bench, 'PATCH', command, { properties: { source: { script: 'second' } } });
    expect(changed.status).toBe(200);
    expect(bench.guests.of('vm1').runs.map(({ text, parameters }) => [text, parameters])).toEqual([
      ['first', { a: 'b' }],
      ['second', { a: 'b' }],
    ]);
    expect(await ask(bench, 'PATCH', command, { color: 'red' })).toMatchObject({ status: 400 });
    expect(await ask(bench, 'PATCH', `${command}-none`, {})).toMatchObject({ status: 404 });
  });
});
