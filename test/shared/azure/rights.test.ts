import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { readRights } from '../../../shared/azure/rights.ts';
import type { Needed, Rights } from '../../../shared/model/rights.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const START = 'Microsoft.Compute/virtualMachines/start/action';
const PERMISSIONS = 'Microsoft.Authorization/permissions/read';
const DENIALS = 'Microsoft.Authorization/denyAssignments/read';

let bench: AzureBench;
afterEach(() => bench.close());

/** @param ofVm whether the role is assigned on the VM alone, not on its group */
async function open(Actions: string[], NotActions: string[] = [], ofVm = false): Promise<void> {
  const vm = `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/web`;
  const assignedScopes = [ofVm ? vm : LAB_GROUP_ID];
  bench = await startAzureBench({}, { role: readRoleDefinition(), assignedScopes });
  bench.lab.redefineRole({ Actions, NotActions });
}

const rightsOf = async (needed: Needed[]): Promise<Rights> =>
  (await readRights(bench.acting.azure, { always: needed, offline: [] })).always;
const missing = async (actions: string[], scope = bench.vmId): Promise<string[]> =>
  (await rightsOf([{ scope, actions }])).missing.map(({ action }) => action);

describe('what the service may do', () => {
  it.each<[string, string[], string[], boolean]>([
    ['by name', [START], [], true],
    ['in another case', [START.toUpperCase()], [], true],
    ['by a star for all that follows', ['Microsoft.Compute/*'], [], true],
    ['by a star in the middle', ['Microsoft.Compute/*/start/action'], [], true],
    ['by a star for everything', ['*'], [], true],
    ['not by a star for something else', ['*/read'], [], false],
    ['not by what begins alike', [`${START}s`, 'Microsoft.Compute/virtualMachines/start'], [], false],
    ['not where it is left out again', ['*'], ['Microsoft.Compute/virtualMachines/*/action'], false],
  ])('is granted %s', async (_how, actions, notActions, granted) => {
    await open([...actions, PERMISSIONS, DENIALS], notActions);
    expect(await missing([START])).toEqual(granted ? [] : [START]);
  });

  it('is asked of the group first, and of the resource where that does not grant it', async () => {
    await open([START, PERMISSIONS, DENIALS], [], true);
    const rights = await rightsOf([
      { scope: bench.vmId, actions: [START] },
      { scope: LAB_GROUP_ID, actions: [START] },
    ]);
    expect(rights).toEqual({ missing: [], denied: [], unread: [LAB_GROUP_ID] });
  });

  it('cannot be told by whoever may not ask', async () => {
    await open([START]);
    const rights = await rightsOf([{ scope: bench.vmId, actions: [START] }]);
    expect(rights).toEqual({ missing: [], denied: [], unread: [bench.vmId] });
  });

  const deny = (excludes: string[] = [], scope = LAB_GROUP_ID): void => {
    bench.lab.governance.denyAssignments.push({
      name: 'stack',
      scope,
      actions: ['Microsoft.Network/*', 'Microsoft.Compute/virtualMachines/*'],
      notActions: ['*/read'],
      excludes,
    });
  };
  const denied = async (...actions: string[]): Promise<string[]> =>
    (await rightsOf([{ scope: bench.vmId, actions }])).denied.map(({ action, by }) => `${action} by ${by}`);

  it('is less than what is granted, where a deny assignment forbids it', async () => {
    const READ = 'Microsoft.Compute/virtualMachines/read';
    await open([START, READ, PERMISSIONS, DENIALS]);
    expect(await denied(START, READ)).toEqual([]);
    deny();
    expect(await denied(START, READ)).toEqual([`${START} by stack on ${LAB_GROUP_ID}`]);
  });

  it('is not touched by a deny assignment that leaves the service out, and is by one that leaves out others', async () => {
    await open([START, PERMISSIONS, DENIALS]);
    deny([bench.lab.identity.principal.objectId]);
    expect(await denied(START)).toEqual([]);
    deny(['00000000-0000-4000-8000-00000000ffff']);
    expect(await denied(START)).toHaveLength(1);
  });

  it('is not known where deny assignments may not be read', async () => {
    await open([START, PERMISSIONS]);
    expect(await rightsOf([{ scope: bench.vmId, actions: [START] }])).toMatchObject({ unread: [bench.vmId] });
  });

  it('is not touched on a group by a deny assignment on a single VM in it', async () => {
    await open([START, PERMISSIONS, DENIALS]);
    deny([], bench.vmId);
    expect(await rightsOf([{ scope: LAB_GROUP_ID, actions: [START] }])).toEqual({
      missing: [],
      denied: [],
      unread: [],
    });
  });

  it.each(['denyAssignments', 'permissions'])('is asked again where Azure is away (%s)', async (type) => {
    await open([START, PERMISSIONS, DENIALS]);
    bench.lab.faults.add(...parseFaults(`*${type}/read=503`));
    expect(await codeOf(rightsOf([{ scope: bench.vmId, actions: [START] }]))).toBe('AzureUnavailable');
  });
});
