import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { bring } from './support/ask.ts';
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
