import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const statusesOf = async (name: string): Promise<(string | undefined)[]> => {
  const { statuses = [] } = await bench.compute.virtualMachines.instanceView(GROUP, name);
  return statuses.map(({ code }) => code);
};

describe('power of a VM', () => {
  it('deallocates: Windows is off, the disk is reserved, the dynamic address is lost', async () => {
    await bench.lab.addVm(windowsVm('vm1', { publicIpAllocation: 'Dynamic' }));
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    expect(await statusesOf('vm1')).toEqual(['ProvisioningState/succeeded', 'PowerState/deallocated']);
    expect(bench.guests.of('vm1').state).toBe('off');
    const disk = await bench.compute.disks.get(GROUP, 'vm1-osdisk');
    expect(disk.diskState).toBe('Reserved');
    const address = await bench.network.publicIPAddresses.get(GROUP, 'vm1-ip');
    expect(address.ipAddress).toBeUndefined();
  });

  it('starts nothing any more once the lab is closed, although an operation goes on', async () => {
    await bench.lab.addVm(windowsVm('vm1'));
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    const hold = bench.clock.hold();
    await bench.compute.virtualMachines.start(GROUP, 'vm1').poll();
    await bench.lab.close();
    hold();
    await bench.clock.idle();
    expect(bench.guests.of('vm1').state).toBe('off');
  });

  it('starts again, with another dynamic address but the same disk', async () => {
    await bench.lab.addVm(windowsVm('vm1', { publicIpAllocation: 'Dynamic' }));
    const { ipAddress: before } = await bench.network.publicIPAddresses.get(GROUP, 'vm1-ip');
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    await bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    const { ipAddress: after } = await bench.network.publicIPAddresses.get(GROUP, 'vm1-ip');
    expect(await statusesOf('vm1')).toContain('PowerState/running');
    expect(after).not.toBe(before);
    expect(bench.guests.of('vm1').surroundings.osDisk).toBe(bench.lab.disk('vm1-osdisk').content);
    expect(bench.guests.of('vm1').surroundings.address).toBe(after);
  });

  it('is stopped but still allocated after powerOff', async () => {
    await bench.lab.addVm(windowsVm('vm1'));
    await bench.finish(bench.compute.virtualMachines.powerOff(GROUP, 'vm1'));
    expect(await statusesOf('vm1')).toContain('PowerState/stopped');
    expect((await bench.compute.disks.get(GROUP, 'vm1-osdisk')).diskState).toBe('Attached');
  });

  it('shows what is going on while an operation runs', async () => {
    await bench.lab.addVm(windowsVm('vm1'));
    const hold = bench.clock.hold();
    const poller = bench.compute.virtualMachines.deallocate(GROUP, 'vm1');
    await poller.poll();
    expect(await statusesOf('vm1')).toEqual(['ProvisioningState/updating', 'PowerState/deallocating']);
    hold();
    await bench.finish(poller);
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });

  it('restarts and reapplies without losing power', async () => {
    await bench.lab.addVm(windowsVm('vm1'));
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    await bench.finish(bench.compute.virtualMachines.reapply(GROUP, 'vm1'));
    expect(await statusesOf('vm1')).toEqual(['ProvisioningState/succeeded', 'PowerState/running']);
  });

  it('tells since when it stands so: by the last operation, and not while one is at work', async () => {
    const since = async (): Promise<Date | undefined> =>
      (await bench.compute.virtualMachines.instanceView(GROUP, 'vm1')).statuses?.[0]?.time;
    await bench.lab.addVm(windowsVm('vm1'));
    const before = await since();
    expect(before).toBeInstanceOf(Date);
    expect(await since()).toEqual(before);
    const hold = bench.clock.hold();
    const restart = bench.compute.virtualMachines.restart(GROUP, 'vm1');
    await restart.poll();
    expect(await since()).toBeUndefined();
    hold();
    await bench.finish(restart);
    const after = await since();
    expect(after?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);
    expect(await since()).toEqual(after);
  });

  it.each([
    ['powerOff of a deallocated VM', { power: 'deallocated' }, 'powerOff'],
    ['restart of a stopped VM', { power: 'stopped' }, 'restart'],
    ['deallocate with an ephemeral OS disk', { ephemeralOsDisk: true }, 'deallocate'],
  ] as const)('refuses %s', async (_case, more, verb) => {
    await bench.lab.addVm(windowsVm('vm1', more));
    const refusal = await refusalOf(bench.finish(bench.compute.virtualMachines[verb](GROUP, 'vm1')));
    expect(refusal).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
  });

  it('lets deallocate overtake a start: the start ends as preempted', async () => {
    await bench.lab.addVm(windowsVm('vm1', { power: 'deallocated' }));
    const hold = bench.clock.hold();
    const start = bench.compute.virtualMachines.start(GROUP, 'vm1');
    await start.poll();
    const stop = bench.compute.virtualMachines.deallocate(GROUP, 'vm1');
    await stop.poll();
    hold();
    await bench.finish(stop);
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
    const [started] = bench.lab.operations.all();
    expect(started).toMatchObject({ status: 'Canceled', error: { code: 'OperationPreempted' } });
  });

  it('fails a start in its operation when no host is free, and stays as it was', async () => {
    await bench.lab.addVm(windowsVm('vm1', { power: 'deallocated', zone: '1' }));
    bench.lab.catalogue.exhausted.push({ size: 'Standard_D2s_v5', zone: '1' });
    await expect(bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'))).rejects.toThrow(
      'Allocation failed',
    );
    expect(bench.lab.operations.all()[0]?.error?.code).toBe('ZonalAllocationFailed');
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });
});
