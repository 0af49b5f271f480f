import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { readLocks } from '../../../shared/azure/locks.ts';
import { isWithin } from '../../../shared/azure/resource-id.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const SUBSCRIPTION = `/subscriptions/${LAB_SUBSCRIPTION}`;

let bench: AzureBench;
afterEach(() => bench.close());

const read = async () => {
  const osDiskId = bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id;
  return readLocks(await bench.acting.azure(LAB_SUBSCRIPTION), bench.vmId, osDiskId);
};

describe('the locks of a VM', () => {
  it('are those on itself, its group and its subscription, and none of a namesake’s', async () => {
    bench = await startAzureBench();
    const { lab } = bench;
    await lab.addVm(windowsVm('web-10'));
    lab.addResourceGroup('rg-fl');
    lab.addLock(lab.vm('web-10').id, 'of another VM', 'ReadOnly');
    lab.addLock(`${SUBSCRIPTION}/resourceGroups/rg-fl`, 'of another group', 'ReadOnly');
    const own = [lab.vm('web').id, LAB_GROUP_ID, SUBSCRIPTION];
    own.forEach((scope, index) => {
      lab.addLock(scope, `lock-${String(index)}`, 'CanNotDelete');
    });
    const { locks, unreadLocks } = await read();
    expect(locks).toEqual(own.map((scope) => ({ level: 'CanNotDelete', scope })));
    expect(unreadLocks).toEqual([]);
  });

  it('are read by a role on its group too, and those of the subscription told as unread', async () => {
    bench = await startAzureBench({}, { role: readRoleDefinition(), assignedScopes: [LAB_GROUP_ID] });
    bench.lab.addLock(LAB_GROUP_ID, 'kept', 'CanNotDelete');
    bench.lab.addLock(LAB_GROUP_ID, 'still', 'ReadOnly');
    const { locks, unreadLocks } = await read();
    expect(locks.map(({ level }) => level)).toEqual(['CanNotDelete', 'ReadOnly']);
    expect(unreadLocks).toEqual([SUBSCRIPTION]);
  });

  it('have to be read on the VM and its group: nothing is known without them', async () => {
    const role = readRoleDefinition();
    const Actions = role.Actions.filter((action) => !action.startsWith('Microsoft.Authorization/locks'));
    bench = await startAzureBench({}, { role: { ...role, Actions }, assignedScopes: [LAB_GROUP_ID] });
    expect(await codeOf(read())).toBe('AccessDenied');
  });

  it('of the subscription are asked for again where Azure is away', async () => {
    bench = await startAzureBench();
    // The third list, after those of VM and group.
    bench.lab.faults.add(...parseFaults('3 *locks/read=503'));
    expect(await codeOf(read())).toBe('AzureUnavailable');
  });
});

it.each([
  ['/a/rg-fleet/web-1', '/a/rg-fleet/web-1', true],
  ['/a/RG-fleet/web-1', '/a/rg-fleet/', true],
  ['/a/rg-fleet/web-1', '/a/rg-fl', false],
  ['/a/rg-fleet/web-10', '/a/rg-fleet/web-1', false],
])('%s within %s: %s', (id, scope, within) => {
  expect(isWithin(id, scope)).toBe(within);
});
