import { BlobServiceClient } from '@azure/storage-blob';
import * as z from 'zod';
import { sleep } from '../../lab/clock/sleep.ts';
import { LAB_GROUP_ID } from '../../lab/arm/start-lab.ts';
import { createVirtualClock, type VirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { madeName, madeTags, type Role } from '../../shared/azure/made-resource.ts';
import { readConfig } from '../../shared/config.ts';
import { instanceIdOf, newRemediationId } from '../../shared/model/remediation-id.ts';
import { storageAccount } from '../support/storage.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ACCOUNT = 14;
const DAY = 24 * 3600 * 1000;
const MANAGEMENT = '/runtime/webhooks/durabletask/instances';

const now = Date.now();
// In whichever case Azure spells its groups.
const id = z.string().toLowerCase();
const statusSchema = z.object({
  output: z.object({
    removed: z.array(id),
    left: z.array(z.object({ id, why: z.string() })),
  }),
});

let clock: VirtualClock;
let theatre: Theatre;
beforeAll(async () => {
  clock = createVirtualClock(now);
  const offline = (name: string) => {
    const vm = fleetVm('tls-agent-not-ready', { now });
    return { ...vm, spec: { ...vm.spec, name } };
  };
  const fleet = [offline('lost'), offline('busy'), fleetVm('healthy', { now }), fleetVm('peer', { now })];
  theatre = await openTheatre(ACCOUNT, {
    clock,
    fleet,
    lab: {
      behaviour: { groupsInCapitals: true },
      assignedScopes: [LAB_GROUP_ID, LAB_GROUP_ID.replace('rg-fleet', 'rg-disks')],
    },
  });
});
afterAll(() => theatre.close());

/** Fires the timer, and waits for what it started. */
async function sweep(): Promise<z.infer<typeof statusSchema>['output']> {
  const { stage } = theatre;
  expect((await stage.call('POST', '/admin/functions/janitor', {})).status).toBe(202);
  await stage.host.idle();
  await stage.host.finished('janitor');
  return statusSchema.parse(await (await stage.call('GET', `${MANAGEMENT}/janitor`)).json()).output;
}

/** As the app under test calls itself. */
const deployment = (): string => readConfig(process.env).deployment;

const instanceOf = (name: string): string => instanceIdOf(theatre.stage.lab.vm(name).id.toLowerCase());

/** Roles of what stands with the tags of a remediation of this VM. */
function rolesOf(name: string): string[] {
  return theatre.stage.lab
    .resources()
    .filter(({ tags }) => tags?.['rdp-medic-remediation']?.startsWith(instanceOf(name)))
    .map(({ tags }) => tags?.['rdp-medic-role'] ?? '')
    .sort();
}

/** Does something while the rescue VM of this VM is at work: the record names the safety snapshot by then. Time waits meanwhile. */
function duringRescue(name: string, act: () => Promise<unknown>): Promise<void> {
  return atMoment(theatre, name, MOMENTS['while the repair is rehearsed'], act);
}

function putDisk(name: string, tags: Record<string, string>, managedBy?: string): string {
  const { disks } = theatre.stage.lab.store;
  const { managedBy: _, ...free } = structuredClone(theatre.stage.lab.disk(theatre.osDiskOf('healthy').id));
  const id = free.id.replace(/[^/]+$/, name);
  return disks.put({ ...free, id, name, tags, ...(managedBy === undefined ? {} : { managedBy }) }).id;
}

describe('the janitor', () => {
  it('deletes what a lost remediation left behind, but for its safety copy', async () => {
    const { stage } = theatre;
    const { lab } = stage;
    const disk = theatre.osDiskOf('lost').id;
    await stage.call('POST', '/api/remediations', { vmId: lab.vm('lost').id });
    await duringRescue('lost', () =>
      stage.call('POST', `${MANAGEMENT}/${instanceOf('lost')}/terminate?reason=gone`),
    );
    await clock.idle();
    expect(rolesOf('lost')).toEqual(expect.arrayContaining(['rescue-nic', 'rescue-vm', 'snapshot']));

    const { left } = await sweep();

    expect(left).toEqual([]);
    expect(rolesOf('lost')).toEqual(['snapshot']);
    expect(theatre.osDiskOf('lost').id).toBe(disk);
  });

  it('lets a remediation that runs alone, and its copies until they expire', async () => {
    const ended = theatre.remediate('busy');
    await duringRescue('busy', () => theatre.stage.call('POST', '/admin/functions/janitor', {}));
    expect((await ended).outcome).toMatchObject({ kind: 'repaired-offline' });
    expect(await theatre.rdpOf('busy')).toMatchObject({ state: 'healthy' });
    expect(rolesOf('busy')).toEqual(['original-disk', 'snapshot']);
    expect((await sweep()).removed).toEqual([]);
    expect(rolesOf('busy')).toEqual(['original-disk', 'snapshot']);
  });

  it('deletes what no remediation knows, and leaves what others use', async () => {
    const { lab } = theatre.stage;
    const maker = {
      deployment: deployment(),
      remediationId: newRemediationId(instanceIdOf('/a/vm/that/is/gone'), now - 8 * DAY),
      expiresAt: new Date(now - DAY).toISOString(),
    };
    const made = (role: Role): [string, Record<string, string>] => [
      madeName(maker, role),
      madeTags(maker, role),
    ];
    const orphan = putDisk(...made('repair-disk'));
    const inUse = putDisk(...made('rescue-os-disk'), lab.vm('healthy').id);
    const copied = putDisk('customer-data', madeTags(maker, 'repair-disk'));
    const lastCopy = putDisk('original', madeTags(maker, 'original-disk'));
    const vm = lab.vm('healthy');
    vm.tags = madeTags(maker, 'repair-disk');

    const { removed, left } = await sweep();

    expect(removed).toEqual([orphan.toLowerCase()]);
    expect(Object.fromEntries(left.map((one) => [one.id, one.why]))).toEqual({
      [inUse.toLowerCase()]: expect.stringContaining('in use by'),
      [copied.toLowerCase()]: expect.stringContaining('tags were copied'),
      [lastCopy.toLowerCase()]: expect.stringContaining('it is not in any record'),
      [vm.id.toLowerCase()]: expect.stringContaining('tags were copied'),
    });
    for (const id of [inUse, copied, lastCopy]) {
      expect(lab.disk(id).provisioningState).toBe('Succeeded');
      lab.store.disks.remove(id);
    }
    delete vm.tags;
  });

  it('lets what another deployment made alone, and a way back that no record names', async () => {
    const { lab } = theatre.stage;
    const maker = {
      deployment: 'elsewhere',
      remediationId: newRemediationId(instanceOf('lost'), now - 8 * DAY),
      expiresAt: new Date(now - DAY).toISOString(),
    };
    const theirs = putDisk(madeName(maker, 'repair-disk'), madeTags(maker, 'repair-disk'));
    const forged = putDisk('database', madeTags({ ...maker, deployment: deployment() }, 'original-disk'));

    const { removed, left } = await sweep();

    expect(removed).toEqual([]);
    expect(left).toEqual([
      { id: forged.toLowerCase(), why: expect.stringContaining('it is not in any record') },
    ]);
    for (const id of [theirs, forged]) {
      expect(lab.disk(id).provisioningState).toBe('Succeeded');
      lab.store.disks.remove(id);
    }
  });

  it('takes the tags off a disk from which a VM boots again, whatever its date', async () => {
    const disk = theatre.stage.lab.disk(theatre.osDiskOf('healthy').id);
    const remediationId = newRemediationId(instanceOf('healthy'), now - 8 * DAY);
    const expiresAt = new Date(now - DAY).toISOString();
    disk.tags = {
      owner: 'finance',
      ...madeTags({ deployment: deployment(), remediationId, expiresAt }, 'original-disk'),
    };
    expect(await sweep()).toMatchObject({ removed: [], left: [] });
    expect(theatre.stage.lab.disk(disk.id).tags).toEqual({ owner: 'finance' });
  });

  it('finds a script left on a VM, and a copy beside a disk that lies in another group', async () => {
    const { lab } = theatre.stage;
    const maker = {
      deployment: deployment(),
      remediationId: newRemediationId(instanceOf('lost'), now - 8 * DAY),
      expiresAt: new Date(now + DAY).toISOString(),
    };
    const vm = lab.vm('lost');
    const script = `${vm.id}/runCommands/left`;
    lab.store.runCommands.put({
      id: script,
      name: 'left',
      type: 'Microsoft.Compute/virtualMachines/runCommands',
      location: vm.location,
      tags: madeTags(maker, 'run-command'),
      provisioningState: 'Succeeded',
      revision: 1,
      vmId: vm.id,
      properties: {},
      instanceView: {},
    });
    lab.addResourceGroup('rg-disks');
    const osDisk = vm.properties.storageProfile!.osDisk!.managedDisk!;
    const moved = structuredClone(lab.disk(osDisk.id!));
    moved.id = moved.id.replace(/rg-fleet/i, 'rg-disks');
    const name = madeName(maker, 'repair-disk');
    const { managedBy: _, ...free } = moved;
    const copy = {
      ...free,
      id: moved.id.replace(/[^/]+$/, name),
      name,
      tags: madeTags(maker, 'repair-disk'),
    };
    lab.store.disks.put(moved);
    lab.store.disks.put(copy);
    const original = osDisk.id!;
    osDisk.id = moved.id;

    expect((await sweep()).removed.sort()).toEqual([script, copy.id].map((id) => id.toLowerCase()).sort());

    osDisk.id = original;
    lab.store.disks.remove(moved.id);
    expect(rolesOf('lost')).toEqual(['snapshot']);
  });

  it('sweeps where it may look, and tells of the groups where it may not', async () => {
    const { lab } = theatre.stage;
    const maker = {
      deployment: deployment(),
      remediationId: newRemediationId(instanceOf('lost'), now - 8 * DAY),
      expiresAt: new Date(now + DAY).toISOString(),
    };
    const orphan = putDisk(madeName(maker, 'repair-disk'), madeTags(maker, 'repair-disk'));
    lab.addResourceGroup('rg-closed');
    const osDisk = lab.vm('lost').properties.storageProfile!.osDisk!.managedDisk!;
    const original = osDisk.id!;
    const moved = structuredClone(lab.disk(original));
    moved.id = moved.id.replace(/rg-fleet/i, 'rg-closed');
    lab.store.disks.put(moved);
    osDisk.id = moved.id;

    expect(await sweep()).toEqual({
      removed: [orphan.toLowerCase()],
      left: [
        {
          id: LAB_GROUP_ID.toLowerCase().replace('rg-fleet', 'rg-closed'),
          why: expect.stringContaining('AuthorizationFailed'),
        },
      ],
    });

    osDisk.id = original;
    lab.store.disks.remove(moved.id);
  });

  it('deletes copies that have expired; what it may not, it tries the next time', async () => {
    const { lab } = theatre.stage;
    const [snapshot] = lab.store.snapshots
      .within('/')
      .filter(({ tags }) => tags?.['rdp-medic-remediation']?.startsWith(instanceOf('lost')));
    lab.addLock(snapshot!.id, 'hold', 'CanNotDelete');
    await sleep(clock, 8 * DAY);

    expect((await sweep()).left).toMatchObject([
      { id: snapshot!.id.toLowerCase(), why: expect.stringContaining('lock') },
    ]);

    expect(rolesOf('busy')).toEqual([]);
    expect(lab.vm('busy').power).toBe('running');
    expect(rolesOf('lost')).toEqual(['snapshot']);
    for (const { id } of lab.store.locks.within('/')) lab.store.locks.remove(id);
    expect((await sweep()).left).toEqual([]);
    expect(rolesOf('lost')).toEqual([]);
  });

  it('forgets what intake noted, after a month', async () => {
    const notes = async (): Promise<string[]> => {
      const container = BlobServiceClient.fromConnectionString(storageAccount(ACCOUNT)).getContainerClient(
        'remediations',
      );
      const names: string[] = [];
      for await (const { name } of container.listBlobsFlat({ prefix: '_intake/' })) names.push(name);
      return names;
    };
    expect(await notes()).not.toEqual([]);
    await sleep(clock, 30 * DAY);
    await sweep();
    expect(await notes()).toEqual([]);
  });
});
