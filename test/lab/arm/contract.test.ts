import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { computeRows } from './support/contract-compute.ts';
import { otherRows } from './support/contract-other.ts';
import { COMPUTE, NETWORK, VERSIONS, type ContractRow } from './support/contract.ts';
import { startBench, EVERYTHING, windowsVm, type Bench } from './support/lab.ts';
import { send, shapeOf, type WireAnswer } from './support/wire.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'arm');
const exampleSchema = z.object({
  parameters: z.record(z.string(), z.json()),
  responses: z.record(
    z.string(),
    z.object({ body: z.json().optional(), headers: z.record(z.string(), z.string()).optional() }),
  ),
});

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ role: EVERYTHING });
  const { lab } = bench;
  const full = {
    dataDisks: [{ lun: 0, content: { style: 'GPT' as const, identity: 'data', partitions: [] } }],
  };
  await lab.addVm(
    windowsVm('vm1', {
      ...full,
      securityType: 'TrustedLaunch',
      azureDiskEncryption: true,
      tags: { app: 'shop' },
      extensions: [
        { name: 'ade', publisher: 'Microsoft.Azure.Security', type: 'AzureDiskEncryption', version: '2.2' },
      ],
    }),
  );
  for (let count = 2; count <= 7; count += 1) await lab.addVm(windowsVm(`vm${String(count)}`));
  lab.addResourceGroup('rg-gone');
  const version = 'api-version=2026-03-02';
  const empty = {
    location: 'westeurope',
    properties: { diskSizeGB: 4, creationData: { createOption: 'Empty' } },
  };
  await send(lab, 'PUT', `${COMPUTE}/disks/free?${version}`, empty);
  await send(lab, 'PUT', `${COMPUTE}/disks/gone?${version}`, empty);
  await send(lab, 'PUT', `${COMPUTE}/snapshots/incremental?${version}`, {
    location: 'westeurope',
    properties: {
      incremental: true,
      creationData: { createOption: 'Copy', sourceResourceId: `${COMPUTE}/disks/vm1-osdisk` },
    },
  });
  for (const nic of ['free-nic', 'gone-nic'])
    await send(lab, 'PUT', `${NETWORK}/networkInterfaces/${nic}?api-version=2026-01-01`, {
      location: 'westeurope',
      properties: {
        ipConfigurations: [
          {
            name: 'i',
            properties: { subnet: { id: `${NETWORK}/virtualNetworks/vnet-fleet/subnets/default` } },
          },
        ],
      },
    });
  await bench.clock.idle();
});
afterAll(() => bench.close());

async function call({ method, path, body }: ContractRow): Promise<WireAnswer> {
  const version = VERSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const address = `${encodeURI(path)}${path.includes('?') ? '&' : '?'}api-version=${version}`;
  return send(bench.lab, method, address, body);
}

describe('answers have the members of the published examples', () => {
  it.each([...computeRows, ...otherRows].map((row): [string, ContractRow] => [row.example, row]))(
    '%s',
    async (_name, row) => {
      const example = exampleSchema.parse(
        JSON.parse(readFileSync(join(FIXTURES, `${row.example}.json`), 'utf8')),
      );
      if (row.example.startsWith('authorization-locks'))
        bench.lab.addLock(LAB_GROUP_ID, 'testlock', 'ReadOnly');
      const answer = await call(row);
      if (row.example.startsWith('authorization-locks')) {
        for (const { id } of bench.lab.store.locks.within('/')) bench.lab.store.locks.remove(id);
      }
      expect(answer.status).toBe(row.status);
      const published = example.responses[String(row.status)] ?? example.responses['200'];
      const shown = shapeOf(answer.body);
      const missing = [...shapeOf(published?.body)].filter(
        (member) => !shown.has(member) && !row.without?.test(member),
      );
      expect(missing).toEqual([]);
      for (const header of Object.keys(published?.headers ?? {})) {
        const named = header.toLowerCase();
        expect(Object.keys(answer.headers)).toContain(named);
      }
    },
  );
});

/** Held elsewhere, or an example of every member there is, of which its own kind has a leaner one. */
const NOT_HERE = ['insights-activityLogs-list-filtered', 'compute-virtualMachines-list'];

it('every example is held against the lab', () => {
  const held = new Set([...computeRows, ...otherRows].map(({ example }) => example));
  const examples = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''));
  expect(examples.filter((name) => !held.has(name)).sort()).toEqual([...NOT_HERE].sort());
});
