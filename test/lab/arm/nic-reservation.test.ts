import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { ask, bring } from './support/ask.ts';
import { SERVER_2022, startBench, windowsVm, type Bench } from './support/lab.ts';

const NETWORK = `${LAB_GROUP_ID}/providers/Microsoft.Network`;
const NIC = `${NETWORK}/networkInterfaces/free`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
  await bring(bench, 'PUT', NIC, {
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
});
afterEach(() => bench.close());

const create = (name: string) =>
  bring(bench, 'PUT', `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/${name}`, {
    location: 'westeurope',
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { imageReference: SERVER_2022, osDisk: { createOption: 'FromImage' } },
      osProfile: { computerName: name, adminUsername: 'me', adminPassword: 'Long-enough-1!' },
      networkProfile: { networkInterfaces: [{ id: NIC }] },
    },
  });

/** Refusals by the lab's own rules, and by a scripted fault. */
const REFUSALS: [string, () => void, () => void][] = [
  [
    'no quota',
    () => bench.lab.catalogue.quota.set('cores', 1),
    () => bench.lab.catalogue.quota.set('cores', 100),
  ],
  [
    'a scripted fault',
    () => {
      bench.lab.faults.add(
        ...parseFaults('PUT:Microsoft.Compute/virtualMachines/write=400(SkuNotAvailable)'),
      );
    },
    () => undefined,
  ],
];

describe.each(REFUSALS)('a network card whose VM was refused for %s', (_case, refuse, allow) => {
  beforeEach(async () => {
    refuse();
    expect((await create('refused')).status).toBeGreaterThanOrEqual(400);
    allow();
  });

  it('is kept for that VM three minutes long: nobody deletes or takes it', async () => {
    const reserved = {
      status: 400,
      code: 'NicReservedForAnotherVm',
      message: expect.stringMatching(/retry after 180 seconds\. Reserved VM: .*\/virtualMachines\/refused$/),
    };
    expect(await ask(bench, 'DELETE', NIC)).toMatchObject(reserved);
    expect(await create('another')).toMatchObject(reserved);
    await new Promise<void>((resolve) => {
      bench.clock.setTimer(bench.clock.now() + 180_000, resolve);
    });
    expect(await bring(bench, 'DELETE', NIC)).toMatchObject({ status: 202 });
    expect(bench.lab.store.networkInterfaces.find(NIC)).toBeUndefined();
  });

  it('goes to that VM at once', async () => {
    expect(await create('refused')).toMatchObject({ status: 201 });
    expect(bench.lab.store.networkInterfaces.get(NIC).virtualMachine).toContain('refused');
  });
});
