import { BlobSASPermissions, BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { VirtualMachineRunCommand } from '@azure/arm-compute';
import { storageAccount } from '../../support/storage.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
let container: ContainerClient;
beforeAll(async () => {
  container = BlobServiceClient.fromConnectionString(storageAccount(48)).getContainerClient('evidence');
  await container.createIfNotExists();
});
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const run = (properties: Partial<VirtualMachineRunCommand> = {}, name = 'medic') =>
  bench.finish(
    bench.compute.virtualMachineRunCommands.createOrUpdate(GROUP, 'vm1', name, {
      location: 'westeurope',
      source: { script: 'Get-Date' },
      ...properties,
    }),
  );
const show = async (name = 'medic') => {
  const command = await bench.compute.virtualMachineRunCommands.getByVirtualMachine(GROUP, 'vm1', name, {
    expand: 'instanceView',
  });
  return command.instanceView;
};

describe('managed run command', () => {
  it('answers 201 with Creating, ends as Succeeded, and tells all in its instance view', async () => {
    bench.guests.script = () => ({ stdout: 'done', stderr: 'a warning', exitCode: 0, seconds: 30 });
    const command = await run();
    expect(command.provisioningState).toBe('Succeeded');
    expect(command.instanceView).toBeUndefined();
    expect(await show()).toMatchObject({
      executionState: 'Succeeded',
      exitCode: 0,
      output: 'done',
      error: 'a warning',
    });
    expect(bench.lab.requests().find(({ method }) => method === 'PUT')?.status).toBe(201);
  });

  it('succeeds even when the script fails, unless told otherwise', async () => {
    bench.guests.script = () => ({ stdout: '', stderr: 'boom', exitCode: 7, seconds: 1 });
    expect((await run()).provisioningState).toBe('Succeeded');
    expect(await show()).toMatchObject({ executionState: 'Failed', exitCode: 7 });
    await expect(run({ treatFailureAsDeploymentFailure: true }, 'strict')).rejects.toThrow(
      'VM has reported a failure',
    );
    expect(await show('strict')).toMatchObject({ executionState: 'Failed', exitCode: 7 });
  });

  it('writes the whole output to an append blob and keeps the tail', async () => {
    const long = `${'x'.repeat(10_000)}END`;
    bench.guests.script = () => ({ stdout: long, stderr: 'err', exitCode: 0, seconds: 1 });
    const sas = async (name: string): Promise<string> => {
      const permissions = BlobSASPermissions.parse('racw');
      return container
        .getAppendBlobClient(name)
        .generateSasUrl({ permissions, expiresOn: new Date(Date.now() + 3_600_000) });
    };
    await run({ outputBlobUri: await sas('out.txt'), errorBlobUri: await sas('err.txt') });
    expect((await container.getBlobClient('out.txt').downloadToBuffer()).toString()).toBe(long);
    expect((await container.getBlobClient('err.txt').downloadToBuffer()).toString()).toBe('err');
    expect((await container.getBlobClient('out.txt').getProperties()).blobType).toBe('AppendBlob');
    expect((await show())?.output).toBe(long.slice(-4096));
    await run({ outputBlobUri: await sas('out.txt'), errorBlobUri: await sas('err.txt') });
    expect((await container.getBlobClient('out.txt').downloadToBuffer()).toString()).toBe(long);
  });

  it('passes protected parameters to the script and never shows them', async () => {
    const command = await run({
      parameters: [{ name: 'Port', value: '3390' }],
      protectedParameters: [{ name: 'Secret', value: 'hush' }],
      runAsUser: 'medic',
      runAsPassword: 'hush too',
    });
    expect(bench.guests.of('vm1').runs[0]).toMatchObject({
      parameters: { Port: '3390', Secret: 'hush' },
      runAs: { user: 'medic', password: 'hush too' },
    });
    expect(JSON.stringify(command)).not.toContain('hush');
  });

  it('stops a script at its time limit', async () => {
    bench.guests.script = () => ({ stdout: 'half', stderr: '', exitCode: 0, seconds: 900 });
    const before = bench.clock.now();
    await run({ timeoutInSeconds: 60 });
    expect(await show()).toMatchObject({ executionState: 'TimedOut' });
    expect(bench.clock.now() - before).toBe(75_000);
  });

  it('runs beside others', async () => {
    await Promise.all([run({}, 'one'), run({}, 'two')]);
    const names = [];
    for await (const { name } of bench.compute.virtualMachineRunCommands.listByVirtualMachine(GROUP, 'vm1'))
      names.push(name);
    expect(names.sort()).toEqual(['one', 'two']);
  });

  it('is refused on a VM that is off, and ends with one that goes off', async () => {
    bench.guests.script = () => ({ stdout: '', stderr: '', exitCode: 0, seconds: 3600 });
    const poller = bench.compute.virtualMachineRunCommands.createOrUpdate(GROUP, 'vm1', 'long', {
      location: 'westeurope',
      source: { script: 'Start-Sleep 3600' },
      timeoutInSeconds: 7200,
    });
    await poller.poll();
    await bench.finish(bench.compute.virtualMachines.powerOff(GROUP, 'vm1'));
    await expect(bench.finish(poller)).rejects.toThrow();
    expect(await show('long')).toMatchObject({ executionState: 'Canceled' });
    expect(await refusalOf(run())).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
  });

  it('fails after a long wait when the agent stays silent', async () => {
    bench.guests.silent.add('vm1');
    await expect(run()).rejects.toThrow('has not reported status for VM agent');
    expect(bench.lab.operations.all().at(-1)?.error?.code).toBe('VMAgentStatusCommunicationError');
  });

  it('is gone after delete', async () => {
    await run();
    await bench.finish(bench.compute.virtualMachineRunCommands.delete(GROUP, 'vm1', 'medic'));
    await bench.finish(bench.compute.virtualMachineRunCommands.delete(GROUP, 'vm1', 'medic'));
    expect(await refusalOf(show())).toMatchObject({ status: 404, code: 'ResourceNotFound' });
  });
});
