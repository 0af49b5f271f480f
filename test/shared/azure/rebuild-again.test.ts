import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { beginDeleteVm, beginDetachOnDelete, beginRecreateVm } from '../../../shared/azure/rebuild-vm.ts';
import type { Acting } from '../../../shared/azure/compare.ts';
import { readVmDefinition } from '../../../shared/azure/vm-definition.ts';
import { emptyDisk } from '../../../lab/arm/compute/empty-disk.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const ROLE = readRoleDefinition();

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench(
    { dataDisks: [{ lun: 3, content: emptyDisk('data') }] },
    { role: ROLE, assignedScopes: [LAB_GROUP_ID] },
  );
});
afterEach(() => bench.close());

const deletions = (): number => bench.lab.requests().filter(({ method }) => method === 'DELETE').length;

/** The way back of a VM that we delete, once it is deleted. */
async function deleted() {
  const { definition } = await readVmDefinition(bench.acting.azure, bench.vmId);
  const deed = await bench.deed('2-delete');
  await bench.done(beginDeleteVm(bench.acting, deed));
  const osDisk = { id: deed.expected.osDiskId, uniqueId: deed.expected.osDiskUniqueId };
  return {
    deed: { ...deed, intent: '3-recreate' },
    how: { definition, osDisk, deletedBy: '2-delete' },
    remove: deed,
  };
}

describe('a VM is not deleted once it could not be made again:', () => {
  it.each([
    'Microsoft.Compute/virtualMachines/write',
    'Microsoft.Compute/disks/write',
    'Microsoft.Network/networkInterfaces/join/action',
  ])('somebody took away %s', async (right) => {
    bench.lab.redefineRole({ Actions: ROLE.Actions, NotActions: [right] });
    await expect(beginDeleteVm(bench.acting, await bench.deed('1-delete'))).rejects.toThrow(right);
    expect(await codeOf(beginDeleteVm(bench.acting, await bench.deed('1-delete')))).toBe('AccessDenied');
    expect(deletions()).toBe(0);
  });

  it('somebody denied it', async () => {
    bench.lab.governance.denyAssignments.push({
      name: 'stack',
      scope: LAB_GROUP_ID,
      actions: ['Microsoft.Compute/virtualMachines/write'],
      notActions: [],
      excludes: [],
    });
    expect(await codeOf(beginDeleteVm(bench.acting, await bench.deed('1-delete')))).toBe('AccessDenied');
    expect(deletions()).toBe(0);
  });
});

it('a VM is not deleted either where a disk of its data could not be attached again', async () => {
  const scope = bench.vm().properties.storageProfile?.dataDisks?.[0]?.managedDisk?.id ?? '';
  bench.lab.governance.denyAssignments.push({
    name: 'stack',
    scope,
    actions: ['Microsoft.Compute/disks/write'],
    notActions: [],
    excludes: [],
  });
  expect(await codeOf(beginDeleteVm(bench.acting, await bench.deed('1-delete')))).toBe('AccessDenied');
});

it('a VM that is at work is neither changed nor deleted for a rebuild', async () => {
  const deed = await bench.deed('1');
  bench.vm().provisioningState = 'Updating';
  expect(await codeOf(beginDetachOnDelete(bench.acting, deed))).toBe('AzureConflict');
  expect(await codeOf(beginDeleteVm(bench.acting, deed))).toBe('AzureConflict');
  expect(deletions()).toBe(0);
});

it('a VM with which nothing would be deleted is not written to', async () => {
  expect(await beginDetachOnDelete(bench.acting, await bench.deed('1'))).toMatchObject({ done: true });
  expect(bench.lab.requests().filter(({ method }) => method === 'PATCH')).toEqual([]);
});

describe('what somebody does between our look and our write', () => {
  /** Acting, with this done right after the intent is noted. */
  const after = (deed: () => Promise<unknown>): Acting => {
    const { intents } = bench.acting;
    const begin: typeof intents.begin = async (...note) => {
      await intents.begin(...note);
      await deed();
    };
    return { ...bench.acting, intents: { ...intents, begin } };
  };

  it('to the disks of a VM is not undone by our list of them', async () => {
    const dataDisks = bench.vm().properties.storageProfile?.dataDisks ?? [];
    for (const disk of dataDisks) disk.deleteOption = 'Delete';
    const acting = after(() =>
      bench.finish(bench.compute.virtualMachines.update('rg-fleet', 'web', { tags: { owner: 'somebody' } })),
    );
    expect(await codeOf(beginDetachOnDelete(acting, await bench.deed('1')))).toBe('AzureConflict');
  });

  it('to make a VM of its name is not overwritten', async () => {
    const { deed, how } = await deleted();
    const acting = after(() => bench.done(beginRecreateVm(bench.acting, { ...deed, intent: 'theirs' }, how)));
    expect(await codeOf(beginRecreateVm(acting, deed, how))).toBe('AzureConflict');
  });
});

describe('a step of a rebuild that runs twice', () => {
  it('finds the VM deleted by us, and made by us', async () => {
    const { deed, how, remove } = await deleted();
    expect(await beginDeleteVm(bench.acting, remove)).toMatchObject({ done: true });
    await bench.done(beginRecreateVm(bench.acting, deed, how));
    expect(await beginRecreateVm(bench.acting, deed, how)).toMatchObject({ done: true });
    expect(deletions()).toBe(1);
    expect(bench.lab.requests().filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('waits for the VM that is on the way', async () => {
    const { deed, how } = await deleted();
    await bench.done(beginRecreateVm(bench.acting, deed, how));
    bench.vm().provisioningState = 'Creating';
    expect(await codeOf(beginRecreateVm(bench.acting, deed, how))).toBe('AzureConflict');
  });

  it('is somebody else’s VM where it stands on the disk without our having begun', async () => {
    const { deed, how } = await deleted();
    await bench.done(beginRecreateVm(bench.acting, deed, how));
    await expect(beginRecreateVm(bench.acting, { ...deed, intent: '4-other' }, how)).rejects.toThrow(
      'a VM with its name was created',
    );
  });

  it('makes no VM around another disk of that name', async () => {
    const { deed, how } = await deleted();
    const other = { ...how, osDisk: { ...how.osDisk, uniqueId: 'of another' } };
    await expect(beginRecreateVm(bench.acting, deed, other)).rejects.toThrow(
      'is a different disk with the same name',
    );
    expect(bench.lab.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('is noted before it is done, with what it is about', async () => {
    const { deed, how } = await deleted();
    const notes: object[] = [];
    const intents = {
      ...bench.acting.intents,
      begin: (_id: string, _name: string, note: object) => Promise.resolve(void notes.push(note)),
    };
    await bench.done(beginRecreateVm({ ...bench.acting, intents }, deed, how));
    expect(notes).toEqual([{ vmId: bench.vmId, expected: deed.expected, osDiskId: how.osDisk.id }]);
  });
});

it('a VM whose reading fails is not taken for one that is gone', async () => {
  const { remove } = await deleted();
  bench.lab.redefineRole({ Actions: [], NotActions: [] });
  expect(await codeOf(beginDeleteVm(bench.acting, remove))).toBe('AccessDenied');
});
