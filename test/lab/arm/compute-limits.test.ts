import { sleep } from '../../../lab/clock/sleep.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
let release: () => void;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
  await bench.lab.addVm(windowsVm('vm2'));
  release = bench.clock.hold();
});
afterEach(async () => {
  release();
  await bench.close();
});

const tag = (vm: string, value: string) =>
  bench.compute.virtualMachines.update(GROUP, vm, { tags: { value } }).poll();
const removeRunCommand = (vm: string) =>
  bench.compute.virtualMachineRunCommands.delete(GROUP, vm, 'no-such-command').poll();

async function useUp(vm: string): Promise<void> {
  for (let call = 0; call < 12; call += 1) await removeRunCommand(vm).catch(() => undefined);
}

describe('the limits of Compute for each VM', () => {
  it('let twelve changes through at once, of run commands and of the VM alike, and say when to come back', async () => {
    await useUp('vm1');
    const refusal = await refusalOf(tag('vm1', 'one too many'));
    expect(refusal).toMatchObject({ status: 429, code: 'OperationNotAllowed' });
    const last = bench.lab.requests().at(-1);
    expect(last).toMatchObject({ method: 'PATCH', status: 429 });
  });

  it('are of that VM alone', async () => {
    await useUp('vm1');
    await tag('vm2', 'free');
    expect(bench.lab.requests().at(-1)?.status).toBeLessThan(300);
  });

  it('give one back every fifteen seconds', async () => {
    await useUp('vm1');
    expect((await refusalOf(tag('vm1', 'too early'))).status).toBe(429);
    release();
    await sleep(bench.clock, 15_000);
    release = bench.clock.hold();
    await tag('vm1', 'now');
    expect((await refusalOf(tag('vm1', 'again'))).status).toBe(429);
  });

  it('count looks apart: 36 at once', async () => {
    const read = () => bench.compute.virtualMachines.get(GROUP, 'vm1');
    for (let call = 0; call < 36; call += 1) await read();
    expect((await refusalOf(read())).status).toBe(429);
    await tag('vm1', 'still free');
  });
});
