import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const run = (script: string[], parameters: { name: string; value: string }[] = []) =>
  bench.finish(
    bench.compute.virtualMachines.runCommand(GROUP, 'vm1', {
      commandId: 'RunPowerShellScript',
      script,
      parameters,
    }),
  );

describe('action Run Command', () => {
  it('gives output and errors apart, and passes parameters as they are', async () => {
    bench.guests.script = ({ parameters }) => ({
      stdout: `port ${parameters['Port'] ?? ''}`,
      stderr: 'oh',
      exitCode: 3,
      seconds: 4,
    });
    const { value } = await run(['line 1', 'line 2'], [{ name: 'Port', value: '3390; Stop-Computer' }]);
    expect(value).toMatchObject([
      { code: 'ComponentStatus/StdOut/succeeded', message: 'port 3390; Stop-Computer' },
      { code: 'ComponentStatus/StdErr/succeeded', message: 'oh' },
    ]);
    expect(bench.guests.of('vm1').runs[0]?.text).toBe('line 1\nline 2');
  });

  it('keeps the last 4,096 bytes, never half a character', async () => {
    bench.guests.script = () => ({ stdout: `${'ä'.repeat(3000)}END`, stderr: '', exitCode: 0, seconds: 1 });
    const { value } = await run(['x']);
    const message = value?.[0]?.message ?? '';
    expect(message).toBe(`${'ä'.repeat(2046)}END`);
    expect(Buffer.byteLength(message)).toBe(4095);
  });

  it('lets as much lab time pass as the script takes', async () => {
    bench.guests.script = () => ({ stdout: '', stderr: '', exitCode: 0, seconds: 600 });
    const before = bench.clock.now();
    await run(['x']);
    expect(bench.clock.now() - before).toBe(615_000);
  });

  it('runs one at a time', async () => {
    const hold = bench.clock.hold();
    const first = bench.compute.virtualMachines.runCommand(GROUP, 'vm1', {
      commandId: 'RunPowerShellScript',
      script: ['a'],
    });
    await first.poll();
    const refusal = await refusalOf(run(['b']));
    expect(refusal).toMatchObject({ status: 409, code: 'Conflict' });
    expect(refusal.message).toContain('Run command extension execution is in progress');
    hold();
    await bench.finish(first);
    await run(['b']);
    expect(bench.guests.of('vm1').runs.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('needs a running VM and a command that exists', async () => {
    expect(
      await refusalOf(bench.compute.virtualMachines.runCommand(GROUP, 'vm1', { commandId: 'Nope' })),
    ).toMatchObject({ status: 404 });
    await bench.finish(bench.compute.virtualMachines.powerOff(GROUP, 'vm1'));
    expect(await refusalOf(run(['x']))).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
  });

  it('fails after a long wait when the agent stays silent', async () => {
    bench.guests.silent.add('vm1');
    const before = bench.clock.now();
    await expect(run(['x'])).rejects.toThrow("VM 'vm1' has not reported status for VM agent or extensions");
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(25 * 60_000);
    expect(bench.guests.of('vm1').runs).toEqual([]);
  });

  it('runs after all when the agent comes back in time', async () => {
    bench.guests.silent.add('vm1');
    bench.clock.setTimer(bench.clock.now() + 300_000, () => bench.guests.silent.delete('vm1'));
    await run(['late']);
    expect(bench.guests.of('vm1').runs).toHaveLength(1);
  });

  it('answers in one piece on Linux', async () => {
    await bench.lab.addVm(windowsVm('linux', { osType: 'Linux' }));
    const { value } = await bench.finish(
      bench.compute.virtualMachines.runCommand(GROUP, 'linux', {
        commandId: 'RunShellScript',
        script: ['id'],
      }),
    );
    expect(value).toHaveLength(1);
    expect(value?.[0]?.message).toMatch(/^Enable succeeded: \n\[stdout\]\n/);
  });
});
