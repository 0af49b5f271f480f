import { parseLabState } from '../../../lab/arm/store/state.ts';
import { GROUP, startBench, windowsVm, type Bench } from './support/lab.ts';

const benches: Bench[] = [];
const start = async (...options: Parameters<typeof startBench>): Promise<Bench> => {
  const bench = await startBench(...options);
  benches.push(bench);
  return bench;
};
afterEach(() => Promise.all(benches.splice(0).map((bench) => bench.close())));

describe('a saved lab', () => {
  it('goes on in another one: same resources, disks and power, addresses of the new block', async () => {
    const first = await start();
    await first.lab.addVm(
      windowsVm('vm1', { attackers: ['203.0.113.66'], locks: [{ name: 'keep', level: 'CanNotDelete' }] }),
    );
    await first.lab.addVm(windowsVm('vm2', { power: 'deallocated' }));
    first.lab.disk('vm1-osdisk').content.identity = 'changed';
    const text = JSON.stringify(first.lab.save());

    const second = await start({ state: parseLabState(text) });
    expect(second.lab.resources()).toEqual(first.lab.resources());
    expect(second.lab.vm('vm2').power).toBe('deallocated');
    const { surroundings, state } = second.guests.of('vm1');
    expect(state).toBe('running');
    expect(surroundings.osDisk.identity).toBe('changed');
    expect(surroundings.address).toMatch(new RegExp(`^${second.lab.addressPrefix}\\.128\\.`));
    expect(surroundings.attackers).toEqual(['203.0.113.66']);
    expect(second.lab.addressPrefix).not.toBe(first.lab.addressPrefix);
  });

  it('gives no address twice', async () => {
    const first = await start();
    await first.lab.addVm(windowsVm('vm1'));
    const second = await start({ state: first.lab.save() });
    await second.lab.addVm(windowsVm('vm2'));
    const addresses = second.lab.store.publicIpAddresses.within('/').map(({ ipAddress }) => ipAddress);
    expect(new Set(addresses).size).toBe(2);
  });

  it('cannot be taken in the middle of an operation', async () => {
    const bench = await start();
    await bench.lab.addVm(windowsVm('vm1'));
    const hold = bench.clock.hold();
    const poller = bench.compute.virtualMachines.restart(GROUP, 'vm1');
    await poller.poll();
    expect(() => bench.lab.save()).toThrow('while an operation on');
    hold();
    await bench.finish(poller);
    expect(bench.lab.save().resources.virtualMachines).toHaveLength(1);
  });

  it('is not read from anything else', () => {
    expect(() => parseLabState('{"version":2}')).toThrow();
  });
});
