import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
const NETWORK = `${LAB_GROUP_ID}/providers/Microsoft.Network`;
const SUBSCRIPTION = `/subscriptions/${LAB_SUBSCRIPTION}`;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterAll(() => bench.close());

const get = (path: string, version: string) => send(bench.lab, 'GET', `${path}?api-version=${version}`);

it.each([
  ['VMs', `${COMPUTE}/virtualMachines/vm1`, '2022-11-01'],
  ['disks', `${COMPUTE}/disks/vm1-osdisk`, '2022-07-02'],
  ['snapshots', `${COMPUTE}/snapshots`, '2022-03-02'],
  ['sizes', `${SUBSCRIPTION}/providers/Microsoft.Compute/skus`, '2019-04-01'],
  ['network cards', `${NETWORK}/networkInterfaces/vm1-nic`, '2022-01-01'],
  ['locks', `${LAB_GROUP_ID}/providers/Microsoft.Authorization/locks`, '2016-09-01'],
  ['groups', LAB_GROUP_ID, '2021-04-01'],
])('%s are known in the version of the command line of Debian', async (_case, path, version) => {
  expect((await get(path, version)).status).toBe(200);
});

it.each([
  ['a disk in one of VMs', `${COMPUTE}/disks/vm1-osdisk`, '2026-04-01', 'disks'],
  ['a VM in one of disks', `${COMPUTE}/virtualMachines/vm1`, '2026-03-02', 'virtualMachines'],
  [
    'a network card in one that never was',
    `${NETWORK}/networkInterfaces/x`,
    '2099-01-01',
    'networkInterfaces',
  ],
])('each type has its own: not %s', async (_case, path, version, type) => {
  const { status, body } = await get(path, version);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: {
      code: 'NoRegisteredProviderFound',
      message: expect.stringContaining(`and API version '${version}' for type '${type}'`),
    },
  });
});
