import { eachOf } from '../support/rows.ts';
import {
  expectAsFound,
  expectNothingTwice,
  expectRepaired,
  openTheatreFor,
  suffer,
  withNames,
  type Misfortune,
} from './support/misfortune.ts';
import { requestFor } from './support/offline-repair.ts';
import type { Theatre } from './support/theatre.ts';
import { typedIn } from './support/typed.ts';

const WRITE = 'virtualMachines/write';
const rebuild = requestFor('rebuild');
const vm = 'tls-agent-not-ready';

/** The repair breaks off: the VM must be as it was found, and the record must say what Azure said. */
const BROKEN_OFF = withNames<Misfortune & { says: string }>([
  {
    vm: 'tls',
    what: 'the snapshot fails',
    faults: 'PUT:*snapshots/write=fail(InternalError)',
    says: 'InternalError',
  },
  {
    vm: 'tls',
    what: 'the snapshot is forbidden',
    faults: 'PUT:*snapshots/write=403(AuthorizationFailed)',
    says: 'AuthorizationFailed',
  },
  {
    vm: 'tls',
    what: 'the snapshot is asked for again and again in vain',
    faults: '1+12 PUT:*snapshots/write=503',
    says: 'InternalServerError',
  },
  {
    vm,
    what: 'the snapshot never ends',
    faults: 'PUT:*snapshots/write=hang(3700)',
    says: 'did not complete within',
  },
  {
    vm,
    what: 'the copy that is repaired fails',
    faults: '2 PUT:*disks/write=fail(InternalError)',
    says: 'InternalError',
  },
  {
    vm,
    what: 'the deallocation fails',
    faults: '*deallocate/action=fail(InternalExecutionError)',
    says: 'InternalExecutionError',
  },
  {
    vm,
    what: 'the second attach fails',
    faults: '3 *attachDetachDataDisks/action=fail(AttachDiskFailed)',
    says: 'AttachDiskFailed',
  },
  {
    vm,
    what: 'the rescue VM answers no more',
    faults: '3 PUT:*runCommands/write=fail(VMAgentStatusCommunicationError: The VM agent is silent.)',
    says: 'VMAgentStatusCommunicationError',
  },
  {
    vm,
    what: 'the second detach fails',
    faults: '4 *attachDetachDataDisks/action=fail(DetachFailed)',
    says: 'DetachFailed',
  },
  { vm, what: 'the swap fails', faults: `PATCH:*${WRITE}=fail(InternalError)`, says: 'InternalError' },
  {
    vm,
    what: 'the start fails again and again',
    faults: '1+4 *start/action=fail(AllocationFailed)',
    says: 'AllocationFailed',
  },
  {
    vm,
    what: 'the deletion of the VM fails',
    faults: 'DELETE:*@$vm=fail(InternalError)',
    says: 'InternalError',
    request: rebuild,
  },
  {
    vm,
    what: 'the VM is gone and not built again',
    faults: `PUT:*${WRITE}@$vm=fail(AllocationFailed)`,
    says: 'AllocationFailed',
    request: rebuild,
  },
  {
    vm,
    what: 'the VM is gone, since Azure refused at first to build it again',
    faults: `PUT:*${WRITE}@$vm=403(AuthorizationFailed)`,
    says: 'AuthorizationFailed',
    request: rebuild,
  },
  {
    vm,
    what: 'the first way back fails too',
    faults: `2 PATCH:*${WRITE}=fail(InternalError); 1+4 *start/action=fail(AllocationFailed)`,
    says: 'AllocationFailed',
  },
  {
    vm,
    what: 'the VM comes back, but has no host to run on at first',
    faults: `1+2 PUT:*${WRITE}@$vm=fail(AllocationFailed); 1+2 *start/action=fail(AllocationFailed)`,
    says: 'AllocationFailed',
    request: rebuild,
  },
  {
    vm: 'tls',
    what: 'it may not even be looked at',
    faults: '2+1 GET:*virtualMachines/read@$vm=403(AuthorizationFailed)',
    says: 'Nothing was changed',
  },
  {
    vm: 'rdp-port',
    silent: true,
    what: 'RDP moved on its copy, and the copy is never started',
    faults: '1+4 *start/action=fail(AllocationFailed)',
    says: 'AllocationFailed',
  },
]);

/** Azure does not let the copy under the VM: that is an end, not a reason to delete the VM. */
const SWAP_REFUSED = withNames<Misfortune>([
  { vm, what: 'at once', faults: `PATCH:*${WRITE}=409(PropertyChangeNotAllowed)` },
  {
    vm,
    what: 'at the end',
    faults: `PATCH:*${WRITE}=fail(PropertyChangeNotAllowed: Changing property 'osDisk' is not allowed.)`,
  },
]);

/** Other ways to repair remain. */
const OTHER_WAY = withNames<Misfortune>([
  {
    vm: 'tls',
    what: 'the agent falls silent at the diagnosis',
    faults: 'PUT:*runCommands/write=fail(VMAgentStatusCommunicationError: The VM agent is silent.)',
  },
]);

/** The VM repaired, but something stays that the service may not delete. */
const LEFT = withNames<Misfortune & { left: RegExp[] }>([
  {
    vm,
    what: 'the rescue VM',
    faults: '1+* DELETE:*virtualMachines/delete@rescue-vm=403(AuthorizationFailed)',
    left: [/rescue-vm$/, /rescue-nic$/],
  },
  {
    vm,
    what: 'the copy that was rehearsed with',
    faults: '1+* DELETE:*disks/delete@rehearsal-disk=403(AuthorizationFailed)',
    left: [/rehearsal-disk$/],
  },
  {
    vm: 'tls',
    what: 'a run command',
    faults: '1+* *runCommands/delete@collect=403(AuthorizationFailed)',
    left: [/runcommands/i],
  },
]);

const CRITICAL = withNames<Misfortune & { types: string }>([
  {
    vm,
    what: 'nobody may look any more',
    faults: '1+4 *start/action=fail(AllocationFailed)',
    then: '1+* GET:*virtualMachines/read@$vm=403(AuthorizationFailed)',
    types: 'az vm update',
  },
  {
    vm,
    what: 'the swap back is forbidden',
    faults: `1+4 *start/action=fail(AllocationFailed); 2+* PATCH:*${WRITE}=403(AuthorizationFailed)`,
    types: 'az vm update',
  },
  {
    vm,
    what: 'the VM may not be built again',
    faults: `1+* PUT:*${WRITE}@$vm=403(AuthorizationFailed)`,
    types: 'az vm create',
    request: rebuild,
  },
]);

const UNLISTED = {
  vm: 'tls',
  name: 'tls-unlisted',
  what: 'the list of what was made',
  faults: '3+* GET:*snapshots/read=403(AuthorizationFailed)',
};

const all = [BROKEN_OFF, OTHER_WAY, LEFT, CRITICAL, SWAP_REFUSED].flatMap((rows, table) =>
  rows.map((row) => {
    row.name = `${row.name}-${String(table)}`;
    return row;
  }),
);
all.push(UNLISTED);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatreFor(11, all);
});
afterAll(() => theatre.close());

eachOf(BROKEN_OFF, 9)('a VM is as it was found when $what', async (row) => {
  const aftermath = await suffer(theatre, row);
  expectAsFound(theatre, row.name, aftermath);
  expect(aftermath.record.outcome?.summary).toContain(row.says);
});

eachOf(SWAP_REFUSED, 4)('a VM is never built again because its swap is refused $what', async (row) => {
  const { lab } = theatre.stage;
  const before = lab.requests().length;
  const aftermath = await suffer(theatre, row);
  expectAsFound(theatre, row.name, aftermath, 'not-fixed');
  expect(aftermath.record.outcome?.summary).toContain('NotAllowed');
  const onVm = lab
    .requests()
    .slice(before)
    .filter(({ path }) => path.toLowerCase().endsWith(`/virtualmachines/${row.name}`));
  expect(onVm.filter(({ method }) => method === 'DELETE' || method === 'PUT')).toEqual([]);
});

it.each(OTHER_WAY)('a VM is repaired another way when $what', async (row) => {
  const aftermath = await suffer(theatre, row);
  expectRepaired(theatre, row.name, aftermath);
  expect(aftermath.record.errors.map(({ message }) => message).join()).toContain('VM agent is silent');
});

eachOf(LEFT, 6)('a VM is repaired, and $what that cannot be deleted is named', async (row) => {
  const { record } = await suffer(theatre, row);
  expect(record.outcome?.kind).toMatch(/^repaired/);
  expect(record.cleanup.leftovers).toHaveLength(row.left.length);
  for (const [index, one] of row.left.entries()) expect(record.cleanup.leftovers[index]).toMatch(one);
  expect(record.errors.map(({ message }) => message).join()).toContain('AuthorizationFailed');
  expect(record.advice.join('\n')).toContain(record.cleanup.leftovers[0]);
  expectNothingTwice(theatre, record);
});

eachOf(CRITICAL, 6)(
  'a VM whose original disk is not back is not started, and the record says what to type, when $what',
  async (row) => {
    const { record, originalDiskId, diskId } = await suffer(theatre, row);
    expect(record.outcome).toMatchObject({ kind: 'failed' });
    expect(diskId).not.toBe(originalDiskId);
    expect(theatre.stage.lab.disk(originalDiskId).managedBy).toBeUndefined();
    if (diskId !== undefined) expect(theatre.stage.lab.vm(row.name).power).not.toBe('running');
    expect(record.undo).toEqual([
      expect.objectContaining({ kind: 'restore-os-disk', done: false }),
      expect.objectContaining({ kind: 'start-vm', done: false }),
    ]);
    const advice = record.advice.join('\n');
    expect(advice).toContain('Do not start the VM');
    expect(typedIn(record)).toContain(row.types);
    expect(advice).toContain(originalDiskId);
    expect(record.cleanup.leftovers).toEqual([]);
  },
);

it('a VM is repaired, and the record says how to list what is left, when even that is forbidden', async () => {
  const { record } = await suffer(theatre, UNLISTED);
  expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
  expect(record.errors.map(({ message }) => message).join()).toContain('AuthorizationFailed');
  expect(typedIn(record)).toContain(`az resource list --tag rdp-medic-remediation=${record.id}`);
});
