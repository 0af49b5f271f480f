import { restorePoller } from '@azure/arm-compute';
import { restorePoller as restoreNetworkPoller } from '@azure/arm-network';
import { GROUP, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

/** Headers and status of the first answer with this method. */
async function firstAnswer(
  call: (
    onResponse: (response: { status: number; headers: { get(name: string): string | undefined } }) => void,
  ) => { poll(): Promise<unknown> },
): Promise<{
  status: number;
  asyncOperation: string | undefined;
  location: string | undefined;
  retryAfter: string | undefined;
}> {
  let first:
    | {
        status: number;
        asyncOperation: string | undefined;
        location: string | undefined;
        retryAfter: string | undefined;
      }
    | undefined;
  const hold = bench.clock.hold();
  const poller = call(({ status, headers }) => {
    first ??= {
      status,
      asyncOperation: headers.get('azure-asyncoperation'),
      location: headers.get('location'),
      retryAfter: headers.get('retry-after'),
    };
  });
  await poller.poll();
  hold();
  await bench.clock.idle();
  if (!first) throw new Error('No answer was seen.');
  return first;
}

const OPERATIONS =
  /^https:\/\/127\.0\.0\.1:\d+\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/locations\/westeurope\/operations\/[0-9a-f-]{36}\?/;

describe('first answer of a long operation', () => {
  it('is 202 with both URLs for an action on a VM', async () => {
    const answer = await firstAnswer((onResponse) =>
      bench.compute.virtualMachines.restart(GROUP, 'vm1', { onResponse }),
    );
    expect(answer).toMatchObject({ status: 202, retryAfter: '10' });
    expect(answer.asyncOperation).toMatch(OPERATIONS);
    expect(answer.location).toMatch(/\?monitor=true&api-version=2026-04-01&t=/);
  });

  it('has a family of its own for disks', async () => {
    const answer = await firstAnswer((onResponse) =>
      bench.compute.disks.createOrUpdate(
        GROUP,
        'd',
        { location: 'westeurope', diskSizeGB: 1, creationData: { createOption: 'Empty' } },
        { onResponse },
      ),
    );
    expect(answer.status).toBe(202);
    expect(answer.asyncOperation).toContain('/locations/westeurope/DiskOperations/');
  });

  it('has two addresses in the network provider', async () => {
    const answer = await firstAnswer((onResponse) =>
      bench.network.networkInterfaces.listEffectiveNetworkSecurityGroups(GROUP, 'vm1-nic', { onResponse }),
    );
    expect(answer.asyncOperation).toContain('/providers/Microsoft.Network/locations/westeurope/operations/');
    expect(answer.location).toContain('/providers/Microsoft.Network/locations/westeurope/operationResults/');
  });
});

describe('polling', () => {
  it('shows InProgress with the start, then Succeeded with the end', async () => {
    const seen: { status?: string }[] = [];
    const hold = bench.clock.hold();
    const poller = bench.compute.virtualMachines.restart(GROUP, 'vm1');
    poller.onProgress((state) => seen.push({ status: state.status }));
    await poller.poll();
    hold();
    await bench.finish(poller);
    expect(seen.at(0)).toEqual({ status: 'running' });
    expect(seen.at(-1)).toEqual({ status: 'succeeded' });
    const [operation] = bench.lab.operations.all();
    expect((operation?.endTime ?? 0) - (operation?.startTime ?? 0)).toBe(35_000);
  });

  it('goes on in another process from the serialized state', async () => {
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    const hold = bench.clock.hold();
    const state = await bench.compute.virtualMachines.start(GROUP, 'vm1').serialize();
    const restored = restorePoller(
      bench.compute,
      state,
      bench.compute.virtualMachines.start.bind(bench.compute.virtualMachines),
    );
    await restored.poll();
    expect(restored.isDone).toBe(false);
    hold();
    await bench.clock.idle();
    await restored.poll();
    expect(restored.isDone).toBe(true);
    expect(bench.lab.vm('vm1').power).toBe('running');
    expect(bench.lab.requests().filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('gives the result of an action to a restored poller', async () => {
    const { runCommand } = bench.compute.virtualMachines;
    const state = await runCommand(GROUP, 'vm1', {
      commandId: 'RunPowerShellScript',
      script: ['hello'],
    }).serialize();
    await bench.clock.idle();
    const restored = restorePoller(bench.compute, state, runCommand);
    await restored.poll();
    const { value } = await restored.pollUntilDone();
    expect(value?.[0]?.message).toBe('hello');
  });

  it('gives the body of a PUT and of a network action to a restored poller', async () => {
    const { listEffectiveNetworkSecurityGroups } = bench.network.networkInterfaces;
    const state = await listEffectiveNetworkSecurityGroups(GROUP, 'vm1-nic').serialize();
    await bench.clock.idle();
    const restored = restoreNetworkPoller(bench.network, state, listEffectiveNetworkSecurityGroups);
    await restored.poll();
    expect((await restored.pollUntilDone()).value).toHaveLength(1);
  });

  it('of an operation nobody began is refused', async () => {
    const state = await bench.compute.virtualMachines.restart(GROUP, 'vm1').serialize();
    await bench.clock.idle();
    const unknown = state.replace(
      /operations\/[0-9a-f-]{36}/g,
      'operations/11111111-1111-4111-8111-111111111111',
    );
    const restored = restorePoller(bench.compute, unknown, bench.compute.virtualMachines.restart);
    await expect(restored.poll()).rejects.toThrow(/not found/);
  });
});

describe('a hundred VMs at once', () => {
  it('take as long as one, and end the same way every time', async () => {
    const deallocateAll = async (crowd: Bench): Promise<number> => {
      const names = Array.from({ length: 100 }, (_, index) => `crowd${String(index)}`);
      for (const name of names) await crowd.lab.addVm(windowsVm(name));
      const before = crowd.clock.now();
      const hold = crowd.clock.hold();
      await Promise.all(names.map((name) => crowd.compute.virtualMachines.deallocate(GROUP, name).poll()));
      hold();
      await crowd.clock.idle();
      expect(names.map((name) => crowd.lab.vm(name).power)).toEqual(names.map(() => 'deallocated'));
      return crowd.clock.now() - before;
    };
    const bound = { rateLimits: 'off' } as const;
    const first = await startBench(bound);
    const second = await startBench(bound);
    try {
      const [one, other] = [await deallocateAll(first), await deallocateAll(second)];
      expect(one).toBe(45_000);
      expect(other).toBe(45_000);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });
});
