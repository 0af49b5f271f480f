import { parseFaults } from '../../../lab/faults/parse.ts';
import { readExpected } from '../../../shared/azure/compare.ts';
import { beginSwapOsDisk } from '../../../shared/azure/os-disk.ts';
import { beginDeallocate, beginRestart, beginStart } from '../../../shared/azure/vm-power.ts';
import type { Deed, DeedKind } from '../../../shared/model/expected.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const otherDisk = ({ expected }: Deed) => ({ id: `${expected.osDiskId}-copy`, uniqueId: null });

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench();
});
afterEach(() => bench.close());

const somebody = async (verb: 'start' | 'deallocate' | 'powerOff'): Promise<void> => {
  await bench.finish(bench.compute.virtualMachines[verb]('rg-fleet', 'web'));
};
const asked = (kind: DeedKind, deed: Deed, ended = true) => ({ kind, deed, osDiskId: null, ended });
const posts = (verb: string): number =>
  bench.lab.requests().filter(({ path, method }) => method === 'POST' && path.endsWith(`/${verb}`)).length;

describe('a deed on a VM', () => {
  it('is done where it stands as expected, and once only', async () => {
    const deed = await bench.deed('1-deallocate');
    await bench.done(beginDeallocate(bench.acting, deed));
    await bench.done(beginDeallocate(bench.acting, deed));
    expect(bench.vm().power).toBe('deallocated');
    expect(posts('deallocate')).toBe(1);
  });

  it('is somebody else’s where it stands as wanted without an intent', async () => {
    const deed = await bench.deed('1-deallocate');
    await somebody('deallocate');
    expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('Moved');
  });

  it.each(['restart', 'deallocate'] as const)('is not done on a VM that is off: %s', async (verb) => {
    const deed = await bench.deed('1');
    await somebody('powerOff');
    const begin = verb === 'restart' ? beginRestart : beginDeallocate;
    expect(await codeOf(begin(bench.acting, deed))).toBe('Moved');
    expect(posts(verb)).toBe(0);
  });

  it('is not done on a VM that was started and stopped again since', async () => {
    await somebody('deallocate');
    const deed = await bench.deed('1-start');
    await somebody('start');
    await somebody('deallocate');
    expect(await codeOf(beginStart(bench.acting, deed))).toBe('Moved');
  });

  it('is not done on another VM of the same name, or another disk', async () => {
    const expected = await bench.look();
    for (const changed of [
      { vmId: 'other' },
      { osDiskId: `${expected.osDiskId}x` },
      { osDiskUniqueId: 'other' },
    ]) {
      const deed = await bench.deed('1', { ...expected, ...changed });
      expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('Moved');
    }
    expect(posts('deallocate')).toBe(0);
  });

  it('waits while somebody else switches the VM', async () => {
    const deed = await bench.deed('1');
    bench.vm().power = 'stopping';
    expect(await codeOf(beginRestart(bench.acting, deed))).toBe('AzureConflict');
  });

  it('does not swap the disk of a VM that runs, whatever Azure would allow', async () => {
    const deed = await bench.deed('1');
    expect(await codeOf(beginSwapOsDisk(bench.acting, deed, otherDisk(deed)))).toBe('AzureRefused');
  });

  it('does not put a disk under the VM that only bears the name', async () => {
    await somebody('deallocate');
    const deed = await bench.deed('1');
    const copy = await bench.finish(
      bench.compute.disks.createOrUpdate('rg-fleet', 'copy', {
        location: bench.vm().location,
        creationData: { createOption: 'Empty' },
        diskSizeGB: 8,
      }),
    );
    const disk = { id: copy.id ?? '', uniqueId: 'of another' };
    expect(await codeOf(beginSwapOsDisk(bench.acting, deed, disk))).toBe('Moved');
  });

  it('writes only where the VM is still the one that was read', async () => {
    await somebody('deallocate');
    const deed = await bench.deed('1');
    const copy = { ...bench.lab.disk(deed.expected.osDiskId), id: otherDisk(deed).id, name: 'copy' };
    delete copy.managedBy;
    bench.lab.store.disks.put(copy);
    bench.lab.faults.add(...parseFaults('PATCH:*virtualMachines/write=412(PreconditionFailed)'));
    expect(await codeOf(beginSwapOsDisk(bench.acting, deed, otherDisk(deed)))).toBe('AzureConflict');
  });
});

describe('how a VM stands after a deed', () => {
  it('is what the deed leaves, read anew', async () => {
    const deed = await bench.deed('1-deallocate');
    await bench.done(beginDeallocate(bench.acting, deed));
    const now = await readExpected(bench.acting, asked('deallocate', deed));
    expect(now).toMatchObject({ power: 'deallocated', diskState: 'Reserved' });
    expect(now?.ownershipUpdatedAt).not.toBe(deed.expected.ownershipUpdatedAt);
  });

  it('is as before where the deed was never begun', async () => {
    const deed = await bench.deed('1-deallocate');
    expect(await readExpected(bench.acting, asked('deallocate', deed, false))).toEqual(deed.expected);
  });

  it('is somebody else’s doing where it is neither', async () => {
    const deed = await bench.deed('1-deallocate');
    await somebody('powerOff');
    expect(await codeOf(readExpected(bench.acting, asked('deallocate', deed, false)))).toBe('Moved');
    await bench.finish(bench.compute.virtualMachines.delete('rg-fleet', 'web'));
    expect(await codeOf(readExpected(bench.acting, asked('deallocate', deed, false)))).toBe('VmNotFound');
  });

  it('takes the time anew after a start of ours that failed', async () => {
    await somebody('deallocate');
    const deed = await bench.deed('1-start');
    bench.lab.faults.add(...parseFaults('*start/action=fail(AllocationFailed)'));
    expect(await codeOf(bench.done(beginStart(bench.acting, deed)))).toBe('OperationFailed');
    const now = await readExpected(bench.acting, asked('start', deed, false));
    expect(now).toEqual({ ...deed.expected, ownershipUpdatedAt: now?.ownershipUpdatedAt });
    await bench.done(beginStart(bench.acting, await bench.deed('2-start', now)));
    expect(bench.vm().power).toBe('running');
  });
});

it('a VM is down only once its disk is Reserved', async () => {
  const slow = await startAzureBench({}, { behaviour: { reservedAfterSeconds: 600 } });
  const deed = await slow.deed('1-deallocate');
  await slow.done(beginDeallocate(slow.acting, deed));
  expect(await codeOf(readExpected(slow.acting, asked('deallocate', deed)))).toBe('AzureConflict');
  await slow.close();
});
