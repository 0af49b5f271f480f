import { parseFaults } from '../../../lab/faults/parse.ts';
import { readDone, readExpected, readStanding, sameAsRead } from '../../../shared/azure/compare.ts';
import { beginSwapOsDisk } from '../../../shared/azure/os-disk.ts';
import { beginDeleteVm } from '../../../shared/azure/rebuild-vm.ts';
import {
  beginDeallocate,
  beginPowerOff,
  beginRestart,
  beginStart,
  readVmStatus,
} from '../../../shared/azure/vm-power.ts';
import type { Deed, DeedKind } from '../../../shared/model/expected.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench();
});
afterEach(() => bench.close());

const asked = (kind: DeedKind, deed: Deed, ended = true) => ({ kind, deed, osDiskId: null, ended });
const isNoted = (deed: Deed) => bench.acting.intents.has(deed.remediationId, deed.intent);
const switchedOff = (): Promise<unknown> =>
  bench.finish(bench.compute.virtualMachines.deallocate('rg-fleet', 'web'));

describe('a deed that Azure refuses outright', () => {
  it('has left no note: the next try compares as strictly', async () => {
    const deed = await bench.deed('1-off');
    bench.lab.faults.add(...parseFaults('*deallocate/action=403(AuthorizationFailed)'));
    expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('AccessDenied');
    expect(await isNoted(deed)).toBe(false);
  });

  it('keeps the note of an earlier try that may have begun', async () => {
    const deed = await bench.deed('1-off');
    bench.lab.faults.add(...parseFaults('*deallocate/action=503'));
    expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('AzureUnavailable');
    expect(await isNoted(deed)).toBe(true);
    bench.lab.faults.add(...parseFaults('*deallocate/action=403(AuthorizationFailed)'));
    expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('AccessDenied');
    expect(await isNoted(deed)).toBe(true);
  });
});

describe('a deed', () => {
  it('is noted before it is done, with what it is about', async () => {
    const deed = await bench.deed('1-off');
    const notes: object[] = [];
    const intents = {
      ...bench.acting.intents,
      begin: (_id: string, _name: string, note: object) => Promise.resolve(void notes.push(note)),
    };
    await beginDeallocate({ ...bench.acting, intents }, deed);
    expect(notes).toMatchObject([{ vmId: bench.vmId, expected: deed.expected }]);
  });

  it('puts the very disk under the VM that it names, once', async () => {
    await switchedOff();
    const copy = await bench.finish(
      bench.compute.disks.createOrUpdate('rg-fleet', 'copy', {
        location: bench.vm().location,
        creationData: { createOption: 'Copy', sourceResourceId: (await bench.look()).osDiskId },
      }),
    );
    const deed = await bench.deed('1-swap');
    const disk = { id: copy.id ?? '', uniqueId: copy.uniqueId ?? null };
    await expect(beginSwapOsDisk(bench.acting, deed, { ...disk, uniqueId: 'of another' })).rejects.toThrow(
      'the disk copy is a different disk with the same name',
    );
    await bench.done(beginSwapOsDisk(bench.acting, deed, disk));
    expect(await beginSwapOsDisk(bench.acting, deed, disk)).toMatchObject({ done: true });
    expect(bench.lab.requests().filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    expect((await bench.look()).osDiskId).toBe(disk.id.toLowerCase());
  });

  it('restarts the VM', async () => {
    await bench.done(beginRestart(bench.acting, await bench.deed('1-restart')));
    expect(bench.vm().power).toBe('running');
    expect(bench.lab.requests().filter(({ path }) => path.endsWith('/restart'))).toHaveLength(1);
  });
});

describe('a VM that nothing is done to', () => {
  it('has no managed disk to compare', async () => {
    delete bench.vm().properties.storageProfile?.osDisk?.managedDisk;
    expect(await codeOf(readStanding(bench.acting.azure, bench.vmId))).toBe('UnmanagedDisk');
  });

  it('is being deleted, or is at work for somebody else before it is started', async () => {
    const deed = await bench.deed('1-off');
    bench.vm().provisioningState = 'Deleting';
    expect(await codeOf(beginDeallocate(bench.acting, deed))).toBe('AzureConflict');
    bench.vm().provisioningState = 'Succeeded';
    await switchedOff();
    const start = await bench.deed('2-start');
    bench.vm().provisioningState = 'Updating';
    expect(await codeOf(beginStart(bench.acting, start))).toBe('AzureConflict');
    // Whether it is taken down does not depend on what an extension does.
    expect(bench.lab.requests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('is taken down although an extension is at work', async () => {
    const deed = await bench.deed('1-off');
    bench.vm().provisioningState = 'Updating';
    await bench.done(beginPowerOff(bench.acting, deed));
    expect(bench.vm().power).toBe('stopped');
    bench.vm().provisioningState = 'Updating';
    expect(await beginPowerOff(bench.acting, deed)).toMatchObject({ done: true });
  });

  it('is as expected and as wanted already', async () => {
    await switchedOff();
    const deed = await bench.deed('1-off');
    expect(await beginDeallocate(bench.acting, deed)).toMatchObject({ done: true });
    expect(await isNoted(deed)).toBe(false);
  });
});

describe('a VM whose disk is not Reserved by its own word, and which may run still', () => {
  beforeEach(async () => {
    await bench.close();
    bench = await startAzureBench({}, { behaviour: { reservedAfterSeconds: 600 } });
    await switchedOff();
  });

  it('is neither given another disk nor deleted', async () => {
    const deed = await bench.deed('1');
    const other = { id: `${deed.expected.osDiskId}-copy`, uniqueId: null };
    expect(await codeOf(beginSwapOsDisk(bench.acting, deed, other))).toBe('AzureConflict');
    expect(await codeOf(beginDeleteVm(bench.acting, deed))).toBe('AzureConflict');
    expect(bench.lab.requests().filter(({ method }) => /PATCH|DELETE/.test(method))).toEqual([]);
  });

  it('is started all the same', async () => {
    await bench.done(beginStart(bench.acting, await bench.deed('1-start')));
    expect(bench.vm().power).toBe('running');
  });

  it('is not down yet', async () => {
    const deed = await bench.deed('1-off');
    expect(await readDone(bench.acting.azure, asked('deallocate', deed))).toBe(false);
    expect(await codeOf(readExpected(bench.acting, asked('deallocate', deed)))).toBe('AzureConflict');
  });
});

describe('whether a deed that was begun is done', () => {
  it('is so once the VM has settled as the deed leaves it', async () => {
    const { azure } = bench.acting;
    const deed = await bench.deed('1-off');
    expect(await readDone(azure, asked('deallocate', deed, false))).toBe(false);
    expect(await readDone(azure, asked('power-off', deed, false))).toBe(false);
    await bench.done(beginDeallocate(bench.acting, deed));
    expect(await readDone(azure, asked('deallocate', deed, false))).toBe(true);
    bench.vm().provisioningState = 'Updating';
    expect(await readDone(azure, asked('deallocate', deed))).toBe(false);
    bench.vm().provisioningState = 'Succeeded';
    bench.vm().power = 'starting';
    expect(await readDone(azure, asked('start', deed))).toBe(false);
    const start = await bench.deed('2-start', { ...deed.expected, power: 'deallocated' });
    bench.vm().power = 'running';
    expect(await readDone(azure, asked('start', start))).toBe(true);
    await bench.finish(bench.compute.virtualMachines.delete('rg-fleet', 'web'));
    expect(await readDone(azure, asked('start', start))).toBe(false);
  });
});

describe('how a VM stands after a deed', () => {
  it('is not told while it is at work: its disk may be on the way', async () => {
    const deed = await bench.deed('1-swap');
    bench.vm().provisioningState = 'Updating';
    const swap = { ...asked('swap-os-disk', deed, false), osDiskId: deed.expected.osDiskId };
    expect(await codeOf(readExpected(bench.acting, swap))).toBe('AzureConflict');
    expect(await readExpected(bench.acting, asked('restart', deed))).toEqual(deed.expected);
    bench.vm().power = 'stopping';
    await expect(readExpected(bench.acting, asked('restart', deed))).rejects.toThrow('web is stopping');
  });

  it('is nobody’s doing where Azure says it was done, and it was not', async () => {
    const deed = await bench.deed('1-off');
    await expect(readExpected(bench.acting, asked('deallocate', deed))).rejects.toThrow(
      'it is unchanged, although Azure reported success',
    );
  });

  it('is somebody else’s doing where it was started and stopped again before a deed that was not begun', async () => {
    await switchedOff();
    const deed = await bench.deed('1-start');
    await bench.finish(bench.compute.virtualMachines.start('rg-fleet', 'web'));
    await switchedOff();
    await expect(readExpected(bench.acting, asked('start', deed, false))).rejects.toThrow(
      'it was started, stopped or given another disk',
    );
  });

  it('is as before where a swap was never begun', async () => {
    const deed = await bench.deed('1-swap');
    const swap = { ...asked('swap-os-disk', deed, false), osDiskId: 'another' };
    expect(await readExpected(bench.acting, swap)).toEqual(deed.expected);
  });

  it('is still to come where we deleted the VM, and nobody else', async () => {
    const deed = await bench.deed('1');
    await bench.finish(bench.compute.virtualMachines.delete('rg-fleet', 'web'));
    expect(await readExpected(bench.acting, asked('recreate-vm', deed, false))).toBeUndefined();
    expect(await codeOf(readExpected(bench.acting, asked('start', deed, false)))).toBe('VmNotFound');
  });
});

it('a write is bound to the VM that was read, where Azure names its version', () => {
  expect(sameAsRead({ location: 'x', etag: '"7"' })).toEqual({ ifMatch: '"7"' });
  expect(sameAsRead({ location: 'x' })).toStrictEqual({});
});

it('how a VM runs is read with its agent', async () => {
  expect(await readVmStatus(bench.acting.azure, bench.vmId)).toEqual({
    powerState: 'running',
    agentReady: true,
    provisioningState: 'Succeeded',
  });
});
