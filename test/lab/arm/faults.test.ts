import { parseFaults } from '../../../lab/faults/parse.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const inject = (text: string): void => {
  bench.lab.faults.add(...parseFaults(text));
};
const deallocate = () => bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));

describe('scripted faults', () => {
  it('answer instead of Azure, with Retry-After', async () => {
    inject('*/virtualMachines/read=429/17');
    let retryAfter: string | undefined;
    const call = bench.compute.virtualMachines.get(GROUP, 'vm1', {
      onResponse: ({ headers }) => {
        retryAfter = headers.get('retry-after');
      },
    });
    expect(await refusalOf(call)).toMatchObject({ status: 429, code: 'TooManyRequests' });
    expect(retryAfter).toBe('17');
    expect((await bench.compute.virtualMachines.get(GROUP, 'vm1')).name).toBe('vm1');
  });

  it('hit the nth call on the named resource only', async () => {
    await bench.lab.addVm(windowsVm('vm2'));
    inject('2 */virtualMachines/read@vm1=500(InternalServerError)');
    const read = (name: string) => bench.compute.virtualMachines.get(GROUP, name);
    await read('vm1');
    await read('vm2');
    expect(await refusalOf(read('vm1'))).toMatchObject({ status: 500, code: 'InternalServerError' });
    await read('vm1');
  });

  it('break the connection before anything has happened', async () => {
    inject('*/deallocate/action=reset');
    await expect(deallocate()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bench.lab.vm('vm1').power).toBe('running');
    expect(bench.lab.operations.all()).toEqual([]);
  });

  it('lose the answer of what has been done', async () => {
    inject('*/deallocate/action=lose-answer');
    await expect(deallocate()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await bench.clock.idle();
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });

  it('break the connection in the middle of the answer to what has been done', async () => {
    inject('PUT:*disks/write=cut-off');
    const making = bench.compute.disks.createOrUpdate(GROUP, 'new', {
      location: 'westeurope',
      creationData: { createOption: 'Empty' },
      diskSizeGB: 4,
    });
    await expect(making).rejects.toThrow();
    await bench.clock.idle();
    expect(bench.lab.resources().map(({ name }) => name)).toContain('new');
  });

  it('let a caller wait who is never answered, while a minute passes', async () => {
    inject('*/deallocate/action=hang');
    const begun = bench.clock.now();
    const gaveUp = new AbortController();
    const call = bench.compute.virtualMachines.deallocate(GROUP, 'vm1', { abortSignal: gaveUp.signal });
    const refused = expect(call).rejects.toMatchObject({ name: 'AbortError' });
    while (bench.clock.now() < begun + 60_000) await new Promise(setImmediate);
    gaveUp.abort();
    await refused;
    expect(bench.lab.vm('vm1').power).toBe('running');
    expect(bench.lab.activity()).toEqual([]);
  });

  it('break off what a dead caller waits for, and nothing else', async () => {
    inject('*/deallocate/action=hang');
    const begun = bench.clock.now();
    const broken = expect(deallocate()).rejects.toMatchObject({ code: 'ECONNRESET' });
    while (bench.clock.now() < begun + 60_000) await new Promise(setImmediate);
    bench.lab.hangUp();
    await broken;
    expect((await bench.compute.virtualMachines.get(GROUP, 'vm1')).name).toBe('vm1');
  });

  it('let an operation fail, with nothing applied', async () => {
    inject('*/deallocate/action=fail(InternalExecutionError: no luck)');
    await expect(deallocate()).rejects.toThrow('no luck');
    expect(bench.lab.vm('vm1')).toMatchObject({ power: 'running', provisioningState: 'Failed' });
    await deallocate();
    expect(bench.lab.vm('vm1')).toMatchObject({ power: 'deallocated', provisioningState: 'Succeeded' });
  });

  it('let an operation hang', async () => {
    inject('*/deallocate/action=hang(3600)');
    const before = bench.clock.now();
    await deallocate();
    expect(bench.clock.now() - before).toBe(3_645_000);
  });

  it('hit polls as well', async () => {
    inject('Microsoft.Compute/locations/operations/read=503(ServerBusy)');
    expect(await refusalOf(deallocate())).toMatchObject({ status: 503, code: 'ServerBusy' });
    await bench.clock.idle();
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });

  it('can be asked whether all of them acted', async () => {
    inject('*/snapshots/write=reset');
    await deallocate();
    expect(bench.lab.faults.pending()).toHaveLength(1);
  });
});
