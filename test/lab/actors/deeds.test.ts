import { parseActors } from '../../../lab/actors/parse.ts';
import { VERBS } from '../../../lab/actors/deeds/index.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from '../arm/support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

/** Lets somebody do something to vm1, and waits until it is done. @returns the code of a refusal */
async function somebody(deeds: string): Promise<string | undefined> {
  bench.lab.actors.add(...parseActors(`now -> ${deeds} on vm1`));
  await bench.clock.idle();
  return bench.lab.actors.history().findLast(({ error }) => error)?.error?.code;
}
const vm = () => bench.lab.vm('vm1');
const osDisk = () => vm().properties.storageProfile?.osDisk?.name;
const rules = () => bench.lab.store.networkSecurityGroups.within('/')[0]?.rules ?? [];

describe('power', () => {
  it.each([
    ['stop', 'stopped'],
    ['deallocate', 'deallocated'],
    ['stop, start', 'running'],
    ['restart', 'running'],
  ])('%s leaves the VM %s', async (deeds, power) => {
    await somebody(deeds);
    expect(vm().power).toBe(power);
  });

  it('resize changes the size', async () => {
    await somebody('resize Standard_D4s_v5');
    expect(vm().properties.hardwareProfile?.vmSize).toBe('Standard_D4s_v5');
  });

  it('agent off: Azure hears nothing of it until the VM is restarted', async () => {
    const agent = async () =>
      (await bench.compute.virtualMachines.instanceView(GROUP, 'vm1')).vmAgent?.statuses?.[0]?.displayStatus;
    await somebody('agent off');
    expect(await agent()).toBe('Not Ready');
    await somebody('agent on');
    expect(await agent()).toBe('Ready');
    await somebody('agent off, restart');
    expect(await agent()).toBe('Ready');
  });

  it('extension: installs and updates one, and the VM has another ETag', async () => {
    const { etag } = await bench.compute.virtualMachines.get(GROUP, 'vm1');
    await somebody('extension Monitor version=1.1, extension Monitor version=1.2');
    expect(vm().extensions).toMatchObject([{ name: 'Monitor', version: '1.2' }]);
    expect((await bench.compute.virtualMachines.get(GROUP, 'vm1')).etag).not.toBe(etag);
    expect(await somebody('deallocate, extension Monitor version=1.3')).toBe('OperationNotAllowed');
  });
});

describe('disks', () => {
  it('restore puts a copy under the VM and starts it; the old disk stays behind', async () => {
    await somebody('restore');
    expect(osDisk()).toBe('vm1-restored-1');
    expect(vm().power).toBe('running');
    expect(bench.lab.disk('vm1-osdisk').managedBy).toBeUndefined();
  });

  it('swap goes back to it', async () => {
    await somebody('restore, deallocate, swap vm1-osdisk');
    expect(osDisk()).toBe('vm1-osdisk');
  });

  it('attach makes a data disk and attaches it, detach takes it off', async () => {
    await somebody('attach data');
    expect(vm().properties.storageProfile?.dataDisks).toMatchObject([{ name: 'data', lun: 0 }]);
    await somebody('detach data');
    expect(vm().properties.storageProfile?.dataDisks).toEqual([]);
  });
});

describe('life', () => {
  it('delete: the VM is gone, its disk is not', async () => {
    await somebody('delete');
    expect(bench.lab.resources().map(({ name }) => name)).not.toContain('vm1');
    expect(bench.lab.disk('vm1-osdisk').managedBy).toBeUndefined();
  });

  it('delete finds what a remediation made by its role, the newest first', async () => {
    const sourceResourceId = bench.lab.disk('vm1-osdisk').id;
    for (const name of ['first', 'second']) {
      await bench.finish(
        bench.compute.snapshots.createOrUpdate(GROUP, name, {
          location: 'westeurope',
          tags: { 'rdp-medic-role': 'snapshot' },
          creationData: { createOption: 'Copy', sourceResourceId },
        }),
      );
    }
    await somebody('delete role:snapshot');
    expect(bench.lab.store.snapshots.within('/').map(({ name }) => name)).toEqual(['first']);
  });

  it('recreate: another VM of the same name on the same NIC, with another disk', async () => {
    const { vmId, properties } = vm();
    expect(await somebody('recreate')).toBeUndefined();
    expect(vm().vmId).not.toBe(vmId);
    expect(vm().power).toBe('running');
    expect(osDisk()).not.toBe('vm1-osdisk');
    expect(vm().properties.networkProfile?.networkInterfaces?.[0]?.id).toBe(
      properties.networkProfile?.networkInterfaces?.[0]?.id,
    );
  });

  it('janitor: takes what carries an expired tag, and what is in use cannot go', async () => {
    const past = new Date(bench.clock.now() - 1000).toISOString();
    const future = new Date(bench.clock.now() + 3_600_000).toISOString();
    const marks = (expires: string) => `rdp-medic-remediation=other rdp-medic-expires=${expires}`;
    await somebody(`restore, tag vm1-osdisk ${marks(past)}, tag disk ${marks(past)}`);
    await somebody(`attach later, tag later ${marks(future)}, detach later, janitor`);
    const disks = bench.lab.store.disks.within('/').map(({ name }) => name);
    expect(disks.toSorted()).toEqual(['later', 'vm1-restored-1']);
  });
});

describe('network', () => {
  it('rule edits one and leaves the rest of it, or makes one', async () => {
    await somebody('rule rdp sources=10.0.0.0/8,192.0.2.1, rule web ports=443 priority=400');
    expect(rules()).toMatchObject([
      { name: 'rdp', properties: { priority: 300, sourceAddressPrefixes: ['10.0.0.0/8', '192.0.2.1'] } },
      { name: 'web', properties: { destinationPortRanges: ['443'], sourceAddressPrefix: '*' } },
    ]);
    expect(bench.lab.isReachable('vm1', '203.0.113.66', 3389)).toBe(false);
  });

  it('delete-rule deletes one', async () => {
    await somebody('delete-rule rdp');
    expect(rules()).toEqual([]);
  });

  it('nic takes the group or the address off', async () => {
    await somebody('nic drop-nsg, nic drop-address');
    const [nic] = bench.lab.store.networkInterfaces.within('/');
    expect(nic?.properties.networkSecurityGroup).toBeUndefined();
    expect(nic?.ipConfigurations[0]?.properties.publicIPAddress).toBeUndefined();
  });
});

describe('governance', () => {
  it.each([
    ['lock ReadOnly', () => bench.lab.vm('vm1').id],
    ['lock CanNotDelete group', () => LAB_GROUP_ID],
    ['lock CanNotDelete disk', () => bench.lab.disk('vm1-osdisk').id],
  ])('%s lays a lock, and unlock takes it off', async (deed, scope) => {
    await somebody(deed);
    expect(bench.lab.store.locks.within('/')).toMatchObject([{ scope: scope() }]);
    await somebody('unlock');
    expect(bench.lab.store.locks.within('/')).toEqual([]);
  });

  it('revoke takes the role from the service, and from nobody else; grant gives it back', async () => {
    await somebody('revoke');
    const read = () => bench.compute.virtualMachines.get(GROUP, 'vm1');
    expect(await refusalOf(read())).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
    await somebody('restart, grant');
    expect((await read()).name).toBe('vm1');
  });

  it('revoke takes one action out of the role, and then another; grant gives them back', async () => {
    const start = () => bench.compute.virtualMachines.start(GROUP, 'vm1');
    const powerOff = () => bench.compute.virtualMachines.powerOff(GROUP, 'vm1');
    await somebody('revoke Microsoft.Compute/virtualMachines/start/action');
    expect((await bench.compute.virtualMachines.get(GROUP, 'vm1')).name).toBe('vm1');
    expect(await refusalOf(start())).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
    await bench.finish(powerOff());
    await somebody('revoke Microsoft.Compute/virtualMachines/powerOff/action');
    expect(await refusalOf(start())).toMatchObject({ status: 403 });
    expect(await refusalOf(powerOff())).toMatchObject({ status: 403 });
    await somebody('grant');
    await bench.finish(start());
  });

  it('deny forbids an action, whatever the role says, and everybody else goes on; allow takes it back', async () => {
    const powerOff = () => bench.compute.virtualMachines.powerOff(GROUP, 'vm1');
    await somebody('deny Microsoft.Compute/virtualMachines/powerOff/action group');
    expect(await refusalOf(powerOff())).toMatchObject({
      status: 403,
      code: 'DenyAssignmentAuthorizationFailed',
    });
    await somebody('restart, allow');
    await bench.finish(powerOff());
  });

  it('tag adds to the tags, untag takes from them', async () => {
    await somebody('tag owner=shop rdp-medic=disabled, tag disk kept=yes');
    expect(vm().tags).toEqual({ owner: 'shop', 'rdp-medic': 'disabled' });
    expect(bench.lab.disk('vm1-osdisk').tags).toEqual({ kept: 'yes' });
    await somebody('untag owner=');
    expect(vm().tags).toEqual({ 'rdp-medic': 'disabled' });
  });

  it('policy puts its tags on whatever is written afterwards, and tells nobody', async () => {
    await somebody('tag owner=shop, policy cost-centre=4711');
    await bench.finish(
      bench.compute.disks.createOrUpdate(GROUP, 'new', {
        location: 'westeurope',
        tags: { mine: 'yes' },
        diskSizeGB: 4,
        creationData: { createOption: 'Empty' },
      }),
    );
    expect(bench.lab.disk('new').tags).toEqual({ mine: 'yes', 'cost-centre': '4711' });
    await bench.finish(
      bench.compute.virtualMachines.update(GROUP, 'vm1', { hardwareProfile: { vmSize: 'Standard_D4s_v5' } }),
    );
    expect(vm().tags).toEqual({ owner: 'shop', 'cost-centre': '4711' });
  });
});

describe('table of deeds', () => {
  it('names each verb by its usage', () => {
    for (const [verb, { usage }] of Object.entries(VERBS)) expect(usage.split(' ')[0]).toBe(verb);
  });
});
