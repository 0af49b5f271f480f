import { parseActors } from '../../../lab/actors/parse.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from '../arm/support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const script = (text: string): void => {
  bench.lab.actors.add(...parseActors(text));
};
const power = () => bench.lab.vm('vm1').power;
const deallocate = () => bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
const deeds = () =>
  bench.lab.actors.history().map(({ who, deed, error }) => `${who} ${deed} ${error?.code ?? 'done'}`);

describe('somebody who acts before a call', () => {
  it('has done it when the call is looked at: whoever writes finds the VM running again', async () => {
    await deallocate();
    script('oncall: Microsoft.Compute/virtualMachines/write@vm1 -> start');
    const before = bench.clock.now();
    const vm = await bench.finish(bench.compute.virtualMachines.update(GROUP, 'vm1', { tags: { a: 'b' } }));
    expect(vm.name).toBe('vm1');
    expect(power()).toBe('running');
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(40_000);
    expect(deeds()).toEqual(['oncall start done']);
  });

  it('leaves it under way when told so: the call meets an operation', async () => {
    script('*/deallocate/action ~> restart; */virtualMachines/write ~> restart');
    await deallocate();
    expect(power()).toBe('deallocated');
    await bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    const change = bench.compute.virtualMachines.update(GROUP, 'vm1', { tags: { a: 'b' } });
    expect(await refusalOf(change)).toMatchObject({ status: 409, code: 'Conflict' });
  });

  it('waits for the nth call of the service, and counts nobody else’s', async () => {
    script('2 */restart/action -> tag seen=twice');
    script('now -> restart on vm1');
    await bench.clock.idle();
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    expect(bench.lab.vm('vm1').tags).toBeUndefined();
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    expect(bench.lab.vm('vm1').tags).toEqual({ seen: 'twice' });
  });

  it('does several things one after the other, unseen by who looks at the power alone', async () => {
    await deallocate();
    const { lastOwnershipUpdateTime: before } = await bench.compute.disks.get(GROUP, 'vm1-osdisk');
    script('*/disks/read -> start, deallocate on vm1');
    const { lastOwnershipUpdateTime: after, diskState } = await bench.compute.disks.get(GROUP, 'vm1-osdisk');
    expect([power(), diskState]).toEqual(['deallocated', 'Reserved']);
    expect(after?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);
  });
});

describe('somebody who acts after a call', () => {
  it('acts once it was granted, some time later', async () => {
    script('after */deallocate/action +10s -> tag noticed=yes');
    const asked = bench.clock.now();
    await deallocate();
    const [deed] = bench.lab.actors.history();
    expect(deed?.at).toBe(asked + 10_000);
  });

  it('or once it has been done', async () => {
    script('watchdog: once */deallocate/action +90s -> start');
    await deallocate();
    await bench.clock.idle();
    expect(power()).toBe('running');
    expect(bench.lab.activity().map(({ action }) => action.split('/').at(-2))).toEqual([
      'deallocate',
      'start',
    ]);
  });

  it('does nothing after a call that was refused', async () => {
    bench.lab.addLock(bench.lab.vm('vm1').id, 'keep', 'ReadOnly');
    script('after */deallocate/action -> tag noticed=yes');
    await refusalOf(deallocate());
    await bench.clock.idle();
    expect(deeds()).toEqual([]);
    expect(bench.lab.actors.pending()).toHaveLength(1);
  });
});

describe('somebody who acts by the clock', () => {
  it('acts when the time has come, and again as often as told', async () => {
    const from = bench.clock.now();
    script('in 60s x3 -> tag by=clock on vm1');
    await bench.clock.idle();
    expect(bench.lab.actors.history().map(({ at }) => at - from)).toEqual([60_000, 120_000, 180_000]);
  });

  it('acts at a time of day', async () => {
    const time = new Date(bench.clock.now() + 3_600_000).toISOString();
    script(`at ${time} -> deallocate on vm1`);
    await bench.clock.idle();
    expect(power()).toBe('deallocated');
    expect(new Date(bench.lab.activity()[0]?.at ?? 0).toISOString()).toBe(time);
  });

  it('acts no oftener than told, however many calls come while it is on its way', async () => {
    script('after */restart/action +300s -> tag by=one');
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    await bench.clock.idle();
    expect(deeds()).toEqual(['somebody tag by=one done']);
  });

  it('goes home when told to', async () => {
    script('in 60s -> deallocate on vm1');
    bench.lab.actors.clear();
    await bench.clock.idle();
    expect(power()).toBe('running');
  });
});

describe('what Azure refuses to somebody else', () => {
  it('stands in the history, ends the list of deeds, and changes nothing', async () => {
    bench.lab.addLock(bench.lab.vm('vm1').id, 'keep', 'ReadOnly');
    script('now -> deallocate, tag after=all on vm1');
    await bench.clock.idle();
    expect(deeds()).toEqual(['somebody deallocate ScopeLocked']);
    expect(power()).toBe('running');
  });

  it('is no defect of the lab, but a word for what is not there is', async () => {
    script('now -> delete role:rescue-vm on vm1; */virtualMachines/read -> start on nobody');
    await bench.clock.idle();
    await bench.compute.virtualMachines.get(GROUP, 'vm1');
    expect(deeds()).toEqual(['somebody delete role:rescue-vm LabActor', 'somebody start ResourceNotFound']);
  });
});

describe('the service’s own record', () => {
  it('names none of others’ calls: neither among its requests nor among its rights', async () => {
    script('now -> restart on vm1');
    await bench.clock.idle();
    expect(bench.lab.requests()).toEqual([]);
    expect([...bench.lab.usedActions()]).toEqual([]);
    expect(bench.lab.activity()).toHaveLength(1);
  });

  it('alone meets faults', async () => {
    bench.lab.faults.add({
      match: { action: '*' },
      times: Infinity,
      effect: { kind: 'answer', status: 500 },
    });
    script('now -> deallocate on vm1');
    await bench.clock.idle();
    expect(power()).toBe('deallocated');
  });
});
