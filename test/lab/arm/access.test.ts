import * as z from 'zod';
import { readRoleDefinition, type RoleDefinition } from '../../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { routes } from '../../../lab/arm/routes.ts';
import { send as sendRaw } from './support/wire.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';
import type { LabOptions } from '../../../lab/arm/start-lab.ts';

/** Rights on resources that a request refers to. */
const LINKED_ACTIONS = [
  'Microsoft.Compute/capacityReservationGroups/deploy/action',
  'Microsoft.Compute/diskEncryptionSets/read',
  'Microsoft.Compute/disks/beginGetAccess/action',
  'Microsoft.Compute/snapshots/beginGetAccess/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
  'Microsoft.Network/networkInterfaces/join/action',
  'Microsoft.Network/virtualNetworks/subnets/join/action',
];

const benches: Bench[] = [];
async function start(options: Partial<LabOptions> = {}): Promise<Bench> {
  const bench = await startBench(options);
  benches.push(bench);
  await bench.lab.addVm(windowsVm('vm1'));
  return bench;
}
afterEach(() => Promise.all(benches.splice(0).map((bench) => bench.close())));

/** The deployed role without some of its actions. */
const roleWithout = (...actions: string[]): RoleDefinition => {
  const role = readRoleDefinition();
  return { ...role, Actions: role.Actions.filter((action) => !actions.includes(action)) };
};

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }).optional() });

/** Status and error of a bare request, for what no SDK client would send. */
async function send(
  { lab }: Bench,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; code?: string; message?: string }> {
  const answer = await sendRaw(lab, method, path, body);
  return { status: answer.status, ...refusalSchema.parse(answer.body ?? {}).error };
}

describe('rights', () => {
  it('are those of the deployed role: what is not in it is refused', async () => {
    const bench = await start({ role: roleWithout('Microsoft.Compute/virtualMachines/start/action') });
    const refusal = await refusalOf(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    expect(refusal).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
    expect(refusal.message).toContain(
      `perform action 'Microsoft.Compute/virtualMachines/start/action' over scope '${bench.lab.vm('vm1').id}'`,
    );
  });

  it('are checked before existence', async () => {
    const bench = await start({ role: roleWithout('Microsoft.Compute/disks/read') });
    expect(await refusalOf(bench.compute.disks.get('no-such-group', 'x'))).toMatchObject({ status: 403 });
  });

  it('are needed on referenced resources as well', async () => {
    const bench = await start({ role: roleWithout('Microsoft.Compute/disks/beginGetAccess/action') });
    const sourceResourceId = bench.lab.disk('vm1-osdisk').id;
    const refusal = await refusalOf(
      bench.compute.snapshots.createOrUpdate(GROUP, 's', {
        location: 'westeurope',
        creationData: { createOption: 'Copy', sourceResourceId },
      }),
    );
    expect(refusal).toMatchObject({ status: 403, code: 'LinkedAuthorizationFailed' });
    expect(refusal.message).toContain(
      `'Microsoft.Compute/disks/beginGetAccess/action' on the linked scope(s) '${sourceResourceId}'`,
    );
  });

  it('end where the role is assigned, yet whoever begins an operation may follow it', async () => {
    const bench = await start({ assignedScopes: [LAB_GROUP_ID] });
    await bench.lab.addVm(windowsVm('other', { resourceGroup: 'rg-other' }));
    expect(await refusalOf(bench.compute.virtualMachines.get('rg-other', 'other'))).toMatchObject({
      status: 403,
    });
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    expect(bench.lab.vm('vm1').provisioningState).toBe('Succeeded');
  });

  it('can be read', async () => {
    const bench = await start();
    const { status } = await send(
      bench,
      'GET',
      `${LAB_GROUP_ID}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    );
    expect(status).toBe(200);
  });
});

describe('role definition', () => {
  const { Actions, NotActions, AssignableScopes, Name } = readRoleDefinition();

  it('grants no wildcard, no data action and nothing about rights, locks or roles', () => {
    expect(Name).toBe('RDP Medic Operator');
    expect(NotActions).toEqual([]);
    expect(Actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(
      Actions.filter((action) => /^Microsoft\.Authorization\/.*(write|delete|action)$/.test(action)),
    ).toEqual([]);
    expect(new Set(Actions).size).toBe(Actions.length);
  });

  it('names no action that the lab has never heard of', () => {
    const known = new Set([...routes.map(({ action }) => action), ...LINKED_ACTIONS]);
    expect(Actions.filter((action) => !known.has(action))).toEqual([]);
  });

  it('can be assigned within one subscription only', () => {
    expect(AssignableScopes).toEqual(['/subscriptions/{subscriptionId}']);
  });
});

describe('actions in use', () => {
  it('are told with those on referenced resources, so that a role can be held against them', async () => {
    const bench = await start({ role: readRoleDefinition() });
    const sourceResourceId = bench.lab.disk('vm1-osdisk').id;
    await bench.finish(
      bench.compute.snapshots.createOrUpdate(GROUP, 's', {
        location: 'westeurope',
        creationData: { createOption: 'Copy', sourceResourceId },
      }),
    );
    expect([...bench.lab.usedActions()].sort()).toEqual([
      'Microsoft.Compute/disks/beginGetAccess/action',
      'Microsoft.Compute/locations/diskOperations/read',
      'Microsoft.Compute/snapshots/read',
      'Microsoft.Compute/snapshots/write',
    ]);
  });
});

describe('locks', () => {
  it.each([
    ['ReadOnly on the VM', (bench: Bench) => bench.lab.vm('vm1').id, 'ReadOnly'],
    ['ReadOnly on its group', () => LAB_GROUP_ID, 'ReadOnly'],
    ['ReadOnly on the subscription', () => `/subscriptions/${LAB_SUBSCRIPTION}`, 'ReadOnly'],
  ] as const)('%s keeps it from being changed, and names the locked scope', async (_case, scopeOf, level) => {
    const bench = await start();
    const scope = scopeOf(bench);
    bench.lab.addLock(scope, 'keep', level);
    const refusal = await refusalOf(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    expect(refusal).toMatchObject({ status: 409, code: 'ScopeLocked' });
    expect(refusal.message).toContain(`following scope(s) are locked: '${scope}'`);
    expect(bench.lab.vm('vm1').power).toBe('running');
  });

  it('CanNotDelete only keeps it from being deleted', async () => {
    const bench = await start();
    bench.lab.addLock(bench.lab.vm('vm1').id, 'keep', 'CanNotDelete');
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    expect(await refusalOf(bench.compute.virtualMachines.delete(GROUP, 'vm1'))).toMatchObject({
      status: 409,
      code: 'ScopeLocked',
    });
  });

  it('are listed at the scope they lie on and at those above, not below', async () => {
    const bench = await start();
    bench.lab.addLock(LAB_GROUP_ID, 'group-lock', 'CanNotDelete');
    bench.lab.addLock(bench.lab.vm('vm1').id, 'vm-lock', 'ReadOnly');
    const listAt = async (scope: string): Promise<(string | undefined)[]> => {
      const names = [];
      for await (const lock of bench.locks.managementLocks.listByScope(scope))
        names.push(`${lock.name ?? ''} ${lock.level}`);
      return names;
    };
    expect(await listAt(bench.lab.vm('vm1').id)).toEqual(['vm-lock ReadOnly']);
    expect(await listAt(LAB_GROUP_ID)).toEqual(['group-lock CanNotDelete', 'vm-lock ReadOnly']);
  });
});

describe('rate limits', () => {
  const limits = {
    reads: { size: 3, perSecond: 1 },
    writes: { size: 1, perSecond: 1 },
    deletes: { size: 1, perSecond: 1 },
  };

  it('throttle when the bucket is empty, and say when to come back', async () => {
    const bench = await start({ rateLimits: limits });
    const hold = bench.clock.hold();
    const read = () => bench.compute.virtualMachines.get(GROUP, 'vm1');
    await Promise.all([read(), read(), read()]);
    const refusal = await refusalOf(read());
    expect(refusal).toMatchObject({ status: 429, code: 'SubscriptionRequestsThrottled' });
    expect(refusal.message).toContain("Please try again after '1' seconds.");
    hold();
    await new Promise<void>((resolve) => {
      bench.clock.setTimer(bench.clock.now() + 1000, resolve);
    });
    expect((await read()).name).toBe('vm1');
  });

  it('count writes apart from reads', async () => {
    const bench = await start({ rateLimits: limits });
    const hold = bench.clock.hold();
    await bench.compute.virtualMachines.start(GROUP, 'vm1').poll();
    expect(await refusalOf(bench.compute.virtualMachines.restart(GROUP, 'vm1'))).toMatchObject({
      status: 429,
    });
    expect((await bench.compute.virtualMachines.get(GROUP, 'vm1')).name).toBe('vm1');
    hold();
  });

  it('are Azure’s own by default, or none', async () => {
    const bench = await start();
    let remaining = '';
    await bench.compute.virtualMachines.get(GROUP, 'vm1', {
      onResponse: ({ headers }) => {
        remaining = headers.get('x-ms-ratelimit-remaining-subscription-reads') ?? '';
      },
    });
    expect(remaining).toBe('249');
    const free = await start({ rateLimits: 'off' });
    const hold = free.clock.hold();
    await Promise.all(Array.from({ length: 300 }, () => free.compute.virtualMachines.get(GROUP, 'vm1')));
    expect(free.lab.requests().every(({ status }) => status === 200)).toBe(true);
    hold();
  });
});

describe('requests the lab does not understand', () => {
  const vmPath = `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/vm1`;

  it('to an unknown route are answered with 501 that names it', async () => {
    const bench = await start();
    const answer = await send(
      bench,
      'GET',
      `${LAB_GROUP_ID}/providers/Microsoft.Storage/storageAccounts/x?api-version=2024-01-01`,
    );
    expect(answer.status).toBe(501);
    expect(answer.message).toContain('GET /subscriptions/');
    expect(answer.message).toContain('Microsoft.Storage/storageAccounts/x');
  });

  it.each([
    ['without an api-version', vmPath, 'MissingApiVersionParameter'],
    ['with one that does not exist', `${vmPath}?api-version=1999-01-01`, 'NoRegisteredProviderFound'],
  ])('%s are refused', async (_case, path, code) => {
    expect(await send(await start(), 'GET', path)).toMatchObject({ status: 400, code });
  });

  it.each([
    [
      'an unknown member at the top',
      { location: 'westeurope', propertys: {}, properties: {} },
      'InvalidRequestContent',
      /'propertys' on object of type 'ResourceDefinition'/,
    ],
    [
      'an unknown member within',
      { location: 'westeurope', properties: { storageProfile: { osDisks: {} } } },
      'BadRequest',
      /'osDisks' on object of type 'StorageProfile'. Path 'properties.storageProfile.osDisks'/,
    ],
    [
      'a bad value',
      {
        location: 'westeurope',
        properties: { storageProfile: { dataDisks: [{ lun: -1, createOption: 'Attach' }] } },
      },
      'InvalidParameter',
      /dataDisks.0.lun/,
    ],
  ])('with %s are refused', async (_case, body, code, message) => {
    const answer = await send(await start(), 'PUT', `${vmPath}?api-version=2026-04-01`, body);
    expect(answer).toMatchObject({ status: 400, code });
    expect(answer.message).toMatch(message);
  });

  it('about a missing group or resource are told which', async () => {
    const bench = await start();
    expect(await refusalOf(bench.compute.virtualMachines.get('nowhere', 'vm1'))).toMatchObject({
      status: 404,
      code: 'ResourceGroupNotFound',
    });
    const refusal = await refusalOf(bench.compute.virtualMachines.get(GROUP, 'vm9'));
    expect(refusal.message).toContain(
      "The Resource 'Microsoft.Compute/virtualMachines/vm9' under resource group 'rg-fleet' was not found.",
    );
  });

  it('in any case of letters find the same resource', async () => {
    const bench = await start();
    const answer = await send(bench, 'GET', `${vmPath.toUpperCase()}?api-version=2026-04-01`);
    expect(answer.status).toBe(200);
  });
});
