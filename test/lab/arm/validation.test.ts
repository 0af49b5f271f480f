import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { ask, bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const copyInto = (location: string, more: object = {}, createOption = 'Copy'): object => ({
  location,
  properties: {
    creationData: { createOption, sourceResourceId: bench.lab.disk('vm1-osdisk').id },
    ...more,
  },
});

describe('what disks and snapshots are not', () => {
  it.each(['disks', 'snapshots'])('%s: called anything', async (type) => {
    for (const name of ['bad name!', '-first', 'last-', 'x'.repeat(81)])
      expect(await bring(bench, 'PUT', `${COMPUTE}/${type}/${name}`, copyInto('westeurope'))).toMatchObject({
        status: 400,
        code: 'InvalidParameter',
      });
    for (const name of ['x', 'a_', '1.b-c', 'x'.repeat(80)])
      expect((await bring(bench, 'PUT', `${COMPUTE}/${type}/${name}`, copyInto('West Europe'))).status).toBe(
        202,
      );
  });

  it.each(['disks', 'snapshots'])('%s: in a region that there is not', async (type) => {
    expect(await bring(bench, 'PUT', `${COMPUTE}/${type}/x`, copyInto('mars'))).toMatchObject({
      status: 400,
      code: 'LocationNotAvailableForResourceType',
    });
  });

  it.each(['disks', 'snapshots'])(
    '%s: copied into another region, where the source is not found',
    async (type) => {
      expect(await bring(bench, 'PUT', `${COMPUTE}/${type}/x`, copyInto('northeurope'))).toMatchObject({
        status: 404,
        code: 'ResourceNotFound',
        message: expect.stringContaining('vm1-osdisk'),
      });
    },
  );

  it('a snapshot goes there by CopyStart', async () => {
    const body = copyInto('northeurope', { incremental: true }, 'CopyStart');
    expect((await bring(bench, 'PUT', `${COMPUTE}/snapshots/x`, body)).status).toBe(202);
  });
});

describe('what a disk says of itself', () => {
  it('is what it can do by kind and size, and what it supports; copies support the same', async () => {
    await bring(bench, 'PUT', `${COMPUTE}/snapshots/s`, copyInto('westeurope'));
    await bring(bench, 'PUT', `${COMPUTE}/disks/copy`, {
      location: 'westeurope',
      sku: { name: 'Premium_LRS' },
      properties: {
        creationData: { createOption: 'Copy', sourceResourceId: bench.lab.snapshot('s').id },
      },
    });
    for (const name of ['vm1-osdisk', 'copy'])
      expect((await ask(bench, 'GET', `${COMPUTE}/disks/${name}`)).body).toMatchObject({
        properties: {
          tier: 'P10',
          diskIOPSReadWrite: 500,
          diskMBpsReadWrite: 100,
          supportedCapabilities: { architecture: 'x64', diskControllerTypes: 'SCSI' },
        },
      });
  });
});

it('a disk with copies in every zone goes to a VM in one', async () => {
  await bench.lab.addVm(windowsVm('zonal', { zone: '2' }));
  const attach = (name: string) =>
    bring(bench, 'POST', `${COMPUTE}/virtualMachines/zonal/attachDetachDataDisks`, {
      dataDisksToAttach: [{ diskId: bench.lab.disk(name).id }],
    });
  for (const sku of ['StandardSSD_ZRS', 'StandardSSD_LRS'])
    await bring(bench, 'PUT', `${COMPUTE}/disks/${sku}`, {
      location: 'westeurope',
      sku: { name: sku },
      properties: { diskSizeGB: 4, creationData: { createOption: 'Empty' } },
    });
  expect(await attach('StandardSSD_ZRS')).toMatchObject({ status: 202 });
  expect(await attach('StandardSSD_LRS')).toMatchObject({ status: 400, code: 'BadRequest' });
});

it('a data disk that its VM would make is none of what the lab imitates', async () => {
  const dataDisks = [{ lun: 0, createOption: 'Empty', diskSizeGB: 4 }];
  expect(
    await bring(bench, 'PATCH', `${COMPUTE}/virtualMachines/vm1`, {
      properties: { storageProfile: { dataDisks } },
    }),
  ).toMatchObject({ status: 501 });
});
