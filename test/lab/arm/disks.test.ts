import { labelledDisk } from './support/guests.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1', { securityType: 'TrustedLaunch', zone: '1' }));
});
afterEach(() => bench.close());

const location = 'westeurope';
const osDiskId = (): string => bench.lab.disk('vm1-osdisk').id;

const takeSnapshot = (name: string, createOption = 'Copy') =>
  bench.finish(
    bench.compute.snapshots.createOrUpdate(GROUP, name, {
      location,
      incremental: true,
      tags: { role: 'safety' },
      creationData: { createOption, sourceResourceId: osDiskId() },
    }),
  );

const copyDisk = (name: string, sourceResourceId: string) =>
  bench.finish(
    bench.compute.disks.createOrUpdate(GROUP, name, {
      location,
      zones: ['1'],
      sku: { name: 'Premium_LRS' },
      creationData: { createOption: 'Copy', sourceResourceId },
    }),
  );

describe('snapshots', () => {
  it('keep what was on the disk at the moment of the request', async () => {
    await takeSnapshot('s1');
    bench.lab.disk('vm1-osdisk').content.identity = 'written later';
    expect(bench.lab.snapshot('s1').content).toEqual(labelledDisk('vm1'));
  });

  it('carry generation, security type and tags', async () => {
    const snapshot = await takeSnapshot('s1');
    expect(snapshot).toMatchObject({
      provisioningState: 'Succeeded',
      incremental: true,
      hyperVGeneration: 'V2',
      securityProfile: { securityType: 'TrustedLaunch' },
      tags: { role: 'safety' },
    });
    expect(snapshot.completionPercent).toBeUndefined();
  });

  it('made with CopyStart answer early and complete in the background', async () => {
    await takeSnapshot('s1', 'CopyStart');
    const { completionPercent } = await bench.compute.snapshots.get(GROUP, 's1');
    expect(completionPercent).toBeGreaterThanOrEqual(0);
    expect(completionPercent).toBeLessThan(100);
    expect(await refusalOf(copyDisk('d1', bench.lab.snapshot('s1').id))).toMatchObject({ status: 409 });
    await new Promise<void>((resolve) => {
      bench.clock.setTimer(bench.clock.now() + 400_000, resolve);
    });
    expect((await bench.compute.snapshots.get(GROUP, 's1')).completionPercent).toBe(100);
  });

  it('are gone after delete, and deleting them again is no error', async () => {
    await takeSnapshot('s1');
    await bench.finish(bench.compute.snapshots.delete(GROUP, 's1'));
    await bench.finish(bench.compute.snapshots.delete(GROUP, 's1'));
    expect(await refusalOf(bench.compute.snapshots.get(GROUP, 's1'))).toMatchObject({
      status: 404,
      code: 'ResourceNotFound',
    });
  });
});

describe('disks', () => {
  it('copied from a snapshot are equal to it and yet their own', async () => {
    await takeSnapshot('s1');
    const disk = await copyDisk('d1', bench.lab.snapshot('s1').id);
    expect(disk).toMatchObject({
      diskState: 'Unattached',
      hyperVGeneration: 'V2',
      osType: 'Windows',
      diskSizeGB: 127,
      zones: ['1'],
    });
    expect(bench.lab.disk('d1').content).toEqual(labelledDisk('vm1'));
    bench.lab.disk('d1').content.identity = 'changed';
    expect(bench.lab.snapshot('s1').content).toEqual(labelledDisk('vm1'));
  });

  it('can be named without the leading slash, as the published example does', async () => {
    await takeSnapshot('s1');
    await copyDisk('d1', bench.lab.snapshot('s1').id.slice(1));
    expect(bench.lab.disk('d1').content).toEqual(labelledDisk('vm1'));
  });

  it('answer 202 with the state Updating first', async () => {
    const hold = bench.clock.hold();
    const poller = bench.compute.disks.createOrUpdate(GROUP, 'd1', {
      location,
      diskSizeGB: 8,
      creationData: { createOption: 'Empty' },
    });
    await poller.poll();
    expect((await bench.compute.disks.get(GROUP, 'd1')).provisioningState).toBe('Updating');
    expect(bench.lab.requests().find(({ method }) => method === 'PUT')?.status).toBe(202);
    hold();
    expect((await bench.finish(poller)).provisioningState).toBe('Succeeded');
  });

  it('take tags and a larger size, never a smaller one', async () => {
    await copyDisk('d1', osDiskId());
    await bench.finish(bench.compute.disks.update(GROUP, 'd1', { tags: { kept: 'yes' }, diskSizeGB: 256 }));
    expect(await bench.compute.disks.get(GROUP, 'd1')).toMatchObject({
      tags: { kept: 'yes' },
      diskSizeGB: 256,
    });
    expect(await refusalOf(bench.compute.disks.update(GROUP, 'd1', { diskSizeGB: 128 }))).toMatchObject({
      status: 400,
      code: 'InvalidParameter',
    });
  });

  it('cannot be deleted while they are attached', async () => {
    const refusal = await refusalOf(bench.compute.disks.delete(GROUP, 'vm1-osdisk'));
    expect(refusal).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
    expect(refusal.message).toContain(`Disk vm1-osdisk is attached to VM ${bench.lab.vm('vm1').id}.`);
  });

  it('cannot be resized under a running VM', async () => {
    expect(
      await refusalOf(bench.compute.disks.update(GROUP, 'vm1-osdisk', { diskSizeGB: 512 })),
    ).toMatchObject({ status: 409 });
  });

  it('are listed by group and by subscription', async () => {
    await copyDisk('d1', osDiskId());
    const names = async (disks: AsyncIterable<{ name?: string }>): Promise<(string | undefined)[]> => {
      const found = [];
      for await (const { name } of disks) found.push(name);
      return found;
    };
    expect(await names(bench.compute.disks.listByResourceGroup(GROUP))).toEqual(['vm1-osdisk', 'd1']);
    expect(await names(bench.compute.disks.list())).toEqual(['vm1-osdisk', 'd1']);
  });
});
