import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { ask } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
const NSG = `${LAB_GROUP_ID}/providers/Microsoft.Network/networkSecurityGroups/vm1-nsg`;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/;
const EMPTY = {
  location: 'westeurope',
  properties: { diskSizeGB: 4, creationData: { createOption: 'Empty' } },
};
const RULE = {
  properties: {
    protocol: 'Tcp',
    access: 'Allow',
    priority: 310,
    direction: 'Inbound',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '3390',
  },
};

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

/** What the address for the status of an operation shows once that has ended. */
async function endOf(headers: Record<string, string | string[] | undefined>): Promise<unknown> {
  const address = headers['azure-asyncoperation'];
  if (typeof address !== 'string') throw new Error('There is no address to poll.');
  expect(address.length).toBeGreaterThan(3000);
  expect(address.length).toBeLessThan(4096);
  await bench.clock.idle();
  return (await send(bench.lab, 'GET', address.slice(bench.lab.url.length))).body;
}

describe('a long operation', () => {
  it('on a disk answers without an id first, and its status has the disk in the end', async () => {
    const { status, body, headers } = await ask(bench, 'PUT', `${COMPUTE}/disks/d`, EMPTY);
    expect({ status, id: JSON.stringify(body).includes('"id"') }).toEqual({ status: 202, id: false });
    expect(headers['location']).toContain('monitor=true');
    expect(await endOf(headers)).toMatchObject({
      status: 'Succeeded',
      startTime: expect.stringMatching(TIME),
      endTime: expect.stringMatching(TIME),
      properties: { output: { id: bench.lab.disk('d').id, properties: { provisioningState: 'Succeeded' } } },
    });
  });

  it('by a PUT of a VM names the address of its status alone', async () => {
    const { headers } = await ask(bench, 'PUT', `${COMPUTE}/virtualMachines/vm1`, {
      location: 'westeurope',
      tags: { a: 'b' },
      properties: {},
    });
    expect(headers['location']).toBeUndefined();
    expect(await endOf(headers)).toEqual({
      status: 'Succeeded',
      name: expect.any(String),
      startTime: expect.stringMatching(TIME),
      endTime: expect.stringMatching(TIME),
    });
  });

  it('on the network says its status and nothing else', async () => {
    const put = await ask(bench, 'PUT', `${NSG}/securityRules/new`, RULE);
    expect(put.headers['location']).toBeUndefined();
    expect(await endOf(put.headers)).toEqual({ status: 'Succeeded' });
    const removed = await ask(bench, 'DELETE', `${NSG}/securityRules/new`);
    expect(removed.headers['location']).toContain('/operationResults/');
  });
});

it.each(['runCommands/r', 'runCommands', 'extensions/e', 'extensions'])(
  'what would hang below a VM that is not there has no parent: %s',
  async (child) => {
    expect(await ask(bench, 'GET', `${COMPUTE}/virtualMachines/none/${child}`)).toMatchObject({
      status: 404,
      code: 'ParentResourceNotFound',
      message: expect.stringContaining("Parent resource 'none' not found"),
    });
  },
);

it('Compute says what it has left', async () => {
  const { headers } = await ask(bench, 'GET', `${COMPUTE}/virtualMachines/vm1`);
  expect(headers['x-ms-ratelimit-remaining-resource']).toMatch(/^Microsoft\.Compute\/\w+;\d+$/);
});
