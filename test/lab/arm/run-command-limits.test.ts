import type { Behaviour } from '../../../lab/arm/behaviour.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { ask, bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

const VM = `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/vm1`;
const BODY = { location: 'westeurope', properties: { source: { script: 'Get-Date' } } };

const benches: Bench[] = [];
const start = async (behaviour: Partial<Behaviour> = {}): Promise<Bench> => {
  const bench = await startBench({ behaviour });
  benches.push(bench);
  await bench.lab.addVm(windowsVm('vm1'));
  return bench;
};
afterEach(() => Promise.all(benches.splice(0).map((bench) => bench.close())));

it('a VM has 25 managed run commands at most, and may change those', async () => {
  const bench = await start();
  for (let count = 1; count <= 25; count += 1)
    expect((await bring(bench, 'PUT', `${VM}/runCommands/r${String(count)}`, BODY)).status).toBe(201);
  expect(await bring(bench, 'PUT', `${VM}/runCommands/r26`, BODY)).toMatchObject({
    status: 409,
    message: expect.stringContaining('(max=25, current=25) has been exceeded'),
  });
  expect((await bring(bench, 'PUT', `${VM}/runCommands/r25`, BODY)).status).toBe(200);
  await bring(bench, 'DELETE', `${VM}/runCommands/r1`);
  expect((await bring(bench, 'PUT', `${VM}/runCommands/r26`, BODY)).status).toBe(201);
});

it.each(['Running', 'Unknown'] as const)(
  'a script that has ended may say %s, and has an end',
  async (says) => {
    const bench = await start({ endedScriptSays: says });
    await bring(bench, 'PUT', `${VM}/runCommands/r`, BODY);
    expect((await ask(bench, 'GET', `${VM}/runCommands/r?$expand=instanceView`)).body).toMatchObject({
      properties: {
        provisioningState: 'Succeeded',
        instanceView: { executionState: says, output: 'Get-Date', endTime: expect.any(String), statuses: [] },
      },
    });
  },
);

it.each([
  ['a managed run command', 'PUT', '/runCommands/r', BODY],
  ['an action', 'POST', '/runCommand', { commandId: 'RunPowerShellScript', script: ['Get-Date'] }],
  [
    'an extension',
    'PUT',
    '/extensions/e',
    { location: 'westeurope', properties: { publisher: 'p', type: 't', typeHandlerVersion: '1.0' } },
  ],
])('a VM whose owner allows no extensions takes none: %s', async (_case, method, path, body) => {
  const bench = await start();
  Object.assign(bench.lab.vm('vm1').properties.osProfile ?? {}, { allowExtensionOperations: false });
  expect(await bring(bench, method, `${VM}${path}`, body)).toMatchObject({
    status: 409,
    code: 'OperationNotAllowed',
    message: expect.stringContaining('extension operations are disallowed'),
  });
  expect(bench.guests.of('vm1').runs).toEqual([]);
});
