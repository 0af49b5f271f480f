import { parseActors } from '../../../lab/actors/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { requestFor } from '../support/offline-repair.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { eachOf } from '../../support/rows.ts';

const now = Date.now();

/** What moves by itself, or by hands that take nothing away from anybody: no reason to give up. */
const PASSING: Record<string, string> = {
  'a policy that tags each write': 'platform: PUT:*networkInterfaces/write -> policy costCenter=42',
  'tags on VM and disk while it is down':
    'owner: once *deallocate/action@$vm +30s -> tag owner=me, tag disk owner=me',
  'a tag between our look and our write': 'owner: *virtualMachines/$write@$vm -> tag stage=late',
  'a data disk attached while it is down': 'owner: once *deallocate/action@$vm +20s -> attach $vm-more',
  // Its agent is silent: the VM is Updating until it goes down, and the extension comes to nothing.
  'an extension that is put on it': 'platform: after PUT:*networkInterfaces/write -> extension AzureMonitor',
};
const rows = Object.entries(PASSING).flatMap(([what, actors], index) =>
  (['swap', 'rebuild'] as const).map((way) => ({ what, actors, way, name: `busy-${String(index)}-${way}` })),
);

let theatre: Theatre;
beforeAll(async () => {
  const fleet = rows.map(({ name }) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(58, { fleet });
});
afterAll(() => theatre.close());

eachOf(rows, 8)('a VM is repaired by $way in spite of $what', async ({ name, way, actors }) => {
  const { lab } = theatre.stage;
  const write = way === 'swap' ? 'write' : 'delete';
  const script = actors.replaceAll('$vm', name).replace('$write', write);
  lab.actors.add(...parseActors(`${script} on ${name}`));
  const record = await theatre.remediate(name, requestFor(way));
  expect(lab.actors.pending()).toEqual([]);
  const refused = lab.actors.history().flatMap(({ error }) => error ?? []);
  expect(refused.filter(({ code }) => code !== 'OperationPreempted')).toEqual([]);
  lab.actors.clear();
  expect(record.errors).toEqual([]);
  expect(record.outcome?.kind).toBe('repaired-offline');
  expect(lab.vm(name).power).toBe('running');
  const attached = lab.vm(name).properties.storageProfile?.dataDisks ?? [];
  expect(attached).toHaveLength(actors.includes('attach') ? 1 : 0);
});
