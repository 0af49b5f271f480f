import { LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { failureOf, nothingToDo, pollOperation } from '../../../shared/azure/operation.ts';
import { beginDeallocate } from '../../../shared/azure/vm-power.ts';
import type { Operation } from '../../../shared/model/operation.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench();
});
afterEach(() => bench.close());

async function takeDown(faults = ''): Promise<Operation> {
  bench.lab.faults.add(...parseFaults(faults));
  return beginDeallocate(bench.acting, await bench.deed('take-down'));
}

describe('an operation of Azure', () => {
  it('is begun with what says when it is worth asking about, and asked about until it has ended', async () => {
    const begun = await takeDown();
    expect(begun).toMatchObject({
      subscriptionId: LAB_SUBSCRIPTION,
      provider: 'compute',
      done: false,
      usualSeconds: 45,
    });
    expect(begun.pollAfterSeconds).toBeGreaterThan(0);
    await bench.done(Promise.resolve(begun));
    expect(bench.vm().power).toBe('deallocated');
    expect(await failureOf(bench.acting.azure, begun)).toBeUndefined();
  });

  it('that fails is told in Azure’s words', async () => {
    const begun = await takeDown('*deallocate/action=fail(AllocationFailed: No host is free.)');
    expect(await codeOf(bench.done(Promise.resolve(begun)))).toBe('OperationFailed');
    expect(await failureOf(bench.acting.azure, begun)).toBe('AllocationFailed: No host is free.');
  });

  it('that had nothing to do is done, and not asked about', async () => {
    const done = nothingToDo(LAB_SUBSCRIPTION);
    expect(done).toEqual({
      subscriptionId: LAB_SUBSCRIPTION,
      provider: 'compute',
      state: '',
      done: true,
      pollAfterSeconds: 0,
    });
    expect(await pollOperation(bench.acting.azure, done)).toBe(done);
  });
});
