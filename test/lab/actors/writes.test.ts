import { ComputeManagementClient } from '@azure/arm-compute';
import { parseActors } from '../../../lab/actors/parse.ts';
import { LAB_RESOURCE_GROUP, LAB_SUBSCRIPTION, startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { createVirtualClock, type VirtualClock } from '../../../lab/clock/virtual.ts';
import { makeImages } from '../../../lab/fleet/index.ts';
import { windowsVm } from '../../../lab/fleet/windows-vm.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { counterOn } from '../../../lab/windows/writer.ts';

const NOW = Date.UTC(2026, 2, 2, 8);

let clock: VirtualClock;
let lab: Lab;
beforeEach(async () => {
  clock = createVirtualClock(NOW);
  lab = await startLab({ clock, guests: createGuestFactory({ engine: 'model' }) });
  lab.addImage(...makeImages());
  await lab.addVm(windowsVm({ name: 'web', generation: 'V2', now: NOW, writes: true }));
});
afterEach(() => lab.close());

const written = (disk = 'web-osdisk') => counterOn(lab.disk(disk).content);
const wait = (seconds: number) =>
  new Promise<void>((resolve) => {
    clock.setTimer(clock.now() + seconds * 1000, resolve);
  });
const somebody = async (deeds: string): Promise<void> => {
  lab.actors.add(...parseActors(`now -> ${deeds} on web`));
  await clock.idle();
};

describe('a VM that writes', () => {
  it('writes one more each second, without a timer that a virtual clock would jump for', async () => {
    await clock.idle();
    expect([clock.now(), written()]).toEqual([NOW, 0]);
    await wait(90);
    expect(written()).toBe(90);
  });

  it('stops when it is stopped, and goes on once Windows is up again', async () => {
    await wait(10);
    // Windows shuts down at the end of the operation's 45 s.
    await somebody('deallocate');
    expect(written()).toBe(55);
    await wait(600);
    expect(written()).toBe(55);
    await somebody('start');
    await wait(100);
    expect(written()).toBeGreaterThan(55);
    expect(written()).toBeLessThan(55 + 141);
  });

  it('has on a snapshot and on a copy what was written until then, and on the disk what came after', async () => {
    await wait(30);
    const credential = {
      getToken: () =>
        Promise.resolve({ token: lab.identity.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const client = new ComputeManagementClient(credential, LAB_SUBSCRIPTION, {
      endpoint: lab.url,
      tlsOptions: { ca: lab.caPem },
    });
    const poller = client.snapshots.createOrUpdate(LAB_RESOURCE_GROUP, 's', {
      location: 'westeurope',
      creationData: { createOption: 'Copy', sourceResourceId: lab.disk('web-osdisk').id },
    });
    await poller.poll();
    await wait(60);
    expect(counterOn(lab.snapshot('s').content)).toBe(30);
    expect(written()).toBeGreaterThanOrEqual(90);
  });

  it('shows that going back loses writes: the copy knows nothing of what came after it', async () => {
    await wait(100);
    await somebody('restore');
    await wait(200);
    const lost = written('web-restored-1') ?? 0;
    await somebody('deallocate, swap web-osdisk, start');
    expect(written()).toBeLessThan(lost);
    expect(lab.vm('web').properties.storageProfile?.osDisk?.name).toBe('web-osdisk');
  });

  it('counts on from what a script wrote into its file', async () => {
    const guest = lab.guest('web');
    const file = guest && insideOf(guest).running()?.volume.files['\\Data\\counter.txt'];
    if (file) file.text = '1000';
    await wait(5);
    expect(written()).toBe(1005);
  });

  it('goes on in a lab that another one saved', async () => {
    await wait(40);
    const state = lab.save();
    const next = await startLab({ clock, guests: createGuestFactory({ engine: 'model' }), state });
    await wait(10);
    expect(counterOn(next.disk('web-osdisk').content)).toBe(50);
    await next.close();
  });

  it('is one that was asked to: others have no such file', async () => {
    await lab.addVm(windowsVm({ name: 'quiet', generation: 'V2', now: NOW }));
    expect(written('quiet-osdisk')).toBeUndefined();
  });
});
