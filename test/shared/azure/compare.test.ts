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

describe('a restart whose answer was lost', () => {
  const lost = async (deed: Deed): Promise<void> => {
    bench.lab.faults.add(...parseFaults('*restart/action=lose-answer'));
    expect(await codeOf(beginRestart(bench.acting, deed))).toBe('AzureUnavailable');
  };

  it('is waited for, and not asked for once more', async () => {
    const deed = await bench.deed('1-restart');
    const hold = bench.clock.hold();
    await lost(deed);
    expect(await codeOf(beginRestart(bench.acting, deed))).toBe('AzureConflict');
    hold();
    await bench.clock.idle();
    expect(await beginRestart(bench.acting, deed)).toMatchObject({ done: true });
    expect(posts('restart')).toBe(1);
  });

  it('is asked for again where it never came about, whatever our own clock says', async () => {
    const deed = await bench.deed('1-restart');
    bench.lab.faults.add(...parseFaults('*restart/action=reset'));
    expect(await codeOf(beginRestart(bench.acting, deed))).toBe('AzureUnavailable');
    await bench.done(beginRestart(bench.acting, deed));
    expect(bench.lab.operations.all()).toHaveLength(1);
  });

  it('is asked for again where it failed', async () => {
    const deed = await bench.deed('1-restart');
    await lost(deed);
    await bench.clock.idle();
    bench.vm().provisioningState = 'Failed';
    await bench.done(beginRestart(bench.acting, deed));
    expect(posts('restart')).toBe(2);
  });

  it('is asked for again where Azure tells no time, before or after', async () => {
    const deed = await bench.deed('1-restart');
    await lost(deed);
    await bench.clock.idle();
    const intents = { ...bench.acting.intents, read: () => Promise.resolve({ settledAt: null }) };
    await bench.done(beginRestart({ ...bench.acting, intents }, deed));
    expect(posts('restart')).toBe(2);
  });

  it('is somebody else’s business where the VM is off since', async () => {
    const deed = await bench.deed('1-restart');
    await lost(deed);
    await bench.clock.idle();
    await somebody('deallocate');
    expect(await codeOf(beginRestart(bench.acting, deed))).toBe('Moved');
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
