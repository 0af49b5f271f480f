import { startBench, windowsVm, GROUP, type Bench } from './support/lab.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ rateLimits: 'off' });
  for (let index = 0; index < 205; index += 1) {
    await bench.lab.addVm(windowsVm(`vm${String(index)}`, { power: 'deallocated' }));
  }
  await bench.lab.addVm(windowsVm('elsewhere', { resourceGroup: 'rg-other', power: 'deallocated' }));
});
afterAll(() => bench.close());

const namesOf = async (vms: AsyncIterable<{ name?: string }>): Promise<Set<string | undefined>> => {
  const names = new Set<string | undefined>();
  for await (const { name } of vms) names.add(name);
  return names;
};

describe('lists', () => {
  it('come in pages that together are complete', async () => {
    expect((await namesOf(bench.compute.virtualMachines.list(GROUP))).size).toBe(205);
    expect((await namesOf(bench.compute.virtualMachines.listAll())).size).toBe(206);
    expect(bench.lab.requests().filter(({ path }) => path.endsWith('/virtualMachines'))).toHaveLength(6);
  });

  it('show the power state on demand', async () => {
    const states = new Set<string | undefined>();
    for await (const { instanceView } of bench.compute.virtualMachines.listAll({ statusOnly: 'true' })) {
      states.add(instanceView?.statuses?.at(-1)?.code);
    }
    expect(states).toEqual(new Set(['PowerState/deallocated']));
  });

  it('of a group that does not exist are refused', async () => {
    await expect(namesOf(bench.compute.virtualMachines.list('nowhere'))).rejects.toMatchObject({
      code: 'ResourceGroupNotFound',
    });
  });
});
