import { BlobSASPermissions, BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { storageAccount } from '../../support/storage.ts';
import { ask, bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
let container: ContainerClient;
beforeAll(async () => {
  container = BlobServiceClient.fromConnectionString(storageAccount(49)).getContainerClient('output');
  await container.createIfNotExists();
});
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
  await bench.lab.addVm(windowsVm('closed', { withoutWayOut: true }));
});
afterEach(() => bench.close());

const sas = (permissions: string): Promise<string> =>
  container.getAppendBlobClient('out.txt').generateSasUrl({
    permissions: BlobSASPermissions.parse(permissions),
    expiresOn: new Date(Date.now() + 3_600_000),
  });
const pathOf = (vm: string): string =>
  `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/${vm}/runCommands/r`;

/** Runs a script with this output blob, and shows the command afterwards. */
async function run(vm: string, outputBlobUri: string): Promise<unknown> {
  await bring(bench, 'PUT', pathOf(vm), {
    location: 'westeurope',
    properties: { source: { script: 'Get-Date' }, outputBlobUri },
  });
  return (await ask(bench, 'GET', `${pathOf(vm)}?$expand=instanceView`)).body;
}

it.each([
  ['in a subnet without a way out', 'closed', 'racw'],
  ['with a SAS that does not let it read', 'vm1', 'acw'],
])('a script does not run where its output blob cannot be made: %s', async (_case, vm, permissions) => {
  expect(await run(vm, await sas(permissions))).toMatchObject({
    properties: {
      provisioningState: 'Succeeded',
      instanceView: {
        executionState: 'Failed',
        exitCode: -101,
        output: '',
        executionMessage: expect.stringMatching(
          /^Error creating AppendBlob .*\[read, append, create, write\] permissions/,
        ),
      },
    },
  });
  expect(bench.guests.of(vm).runs).toEqual([]);
});

it('it runs there without one', async () => {
  await bring(bench, 'PUT', pathOf('closed'), {
    location: 'westeurope',
    properties: { source: { script: 'Get-Date' } },
  });
  expect(bench.guests.of('closed').runs).toHaveLength(1);
});

it('the SAS of a blob is never shown again', async () => {
  const uri = await sas('racw');
  expect(await run('vm1', uri)).toMatchObject({ properties: { outputBlobUri: uri.split('?')[0] } });
});
