import { LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

const path = (name: string): string =>
  `/subscriptions/${LAB_SUBSCRIPTION}/resourcegroups/${name}?api-version=2025-04-01`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

describe('resource groups', () => {
  it('are made at once, and made again without a change', async () => {
    const first = await send(bench.lab, 'PUT', path('rg-rescue'), {
      location: 'westeurope',
      tags: { a: 'b' },
    });
    const second = await send(bench.lab, 'PUT', path('rg-rescue'), {
      location: 'westeurope',
      tags: { a: 'b' },
    });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect((await send(bench.lab, 'GET', path('RG-Rescue'))).body).toMatchObject({
      name: 'rg-rescue',
      tags: { a: 'b' },
      properties: { provisioningState: 'Succeeded' },
    });
    expect((await send(bench.lab, 'HEAD', path('rg-rescue'))).status).toBe(204);
  });

  it('take everything in them along, and say 404 afterwards', async () => {
    await bench.lab.addVm(windowsVm('doomed', { resourceGroup: 'rg-doomed' }));
    const others = bench.lab.resources().filter(({ id }) => !id.includes('rg-doomed'));
    const hold = bench.clock.hold();
    const answer = await send(bench.lab, 'DELETE', path('rg-doomed'));
    expect(answer.status).toBe(202);
    const late = await refusalOf(
      bench.compute.disks.createOrUpdate('rg-doomed', 'late', {
        location: 'westeurope',
        diskSizeGB: 1,
        creationData: { createOption: 'Empty' },
      }),
    );
    expect(late).toMatchObject({ status: 409, code: 'ResourceGroupBeingDeleted' });
    const location = String(answer.headers['location']).slice(bench.lab.url.length);
    hold();
    await bench.clock.idle();
    expect((await send(bench.lab, 'GET', location)).status).toBe(200);
    expect((await send(bench.lab, 'GET', path('rg-doomed'))).status).toBe(404);
    expect(bench.lab.resources()).toEqual(others);
    expect(bench.guests.of('doomed').state).toBe('off');
  });
});
