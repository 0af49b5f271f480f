import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { listTagged } from '../../../shared/azure/made-resources.ts';
import { madeName, madeTags, type Role } from '../../../shared/azure/made-resource.ts';
import { beginSweep } from '../../../shared/azure/sweepable.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

const WHERE = { subscriptionId: LAB_GROUP_ID.split('/')[2] ?? '', resourceGroup: 'rg-fleet' };

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench();
});
afterEach(() => bench.close());

/** A disk of this role as a remediation makes it. */
function madeDisk(role: Role) {
  const { lab } = bench;
  const { managedBy: _, ...free } = structuredClone(
    lab.disk(bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id ?? ''),
  );
  const name = madeName(MAKER, role);
  return lab.store.disks.put({
    ...free,
    id: free.id.replace(/[^/]+$/, name),
    name,
    tags: madeTags(MAKER, role),
  });
}

/** Who uses what bears our tags, by its name. */
async function users(): Promise<Record<string, string | null>> {
  const found = await listTagged(bench.acting.azure, MAKER.deployment, WHERE);
  return Object.fromEntries(found.map(({ id, usedBy }) => [id.slice(id.lastIndexOf('/') + 1), usedBy]));
}
const sweep = (id: string, role: Role) =>
  beginSweep(bench.acting.azure, MAKER.deployment, { id, remediationId: MAKER.remediationId, role });

describe('what may be swept is used by nobody', () => {
  it('which a VM that is not a rescue VM never is, whatever its name and tags', async () => {
    const { lab } = bench;
    const name = madeName(MAKER, 'repair-disk');
    const vm = structuredClone(bench.vm());
    lab.store.virtualMachines.put({
      ...vm,
      id: vm.id.replace(/[^/]+$/, name),
      name,
      tags: madeTags(MAKER, 'repair-disk'),
    });
    expect(await users()).toEqual({ [name]: 'its owner' });
  });

  it('nor a disk that is exported just now, which no VM uses', async () => {
    const disk = madeDisk('repair-disk');
    expect(await users()).toEqual({ [disk.name]: null });
    disk.exported = true;
    expect(await users()).toEqual({ [disk.name]: expect.stringContaining('ActiveSAS') });
  });
});

describe('what was judged is looked at once more', () => {
  it('and deleted where it stands as it did', async () => {
    const { id } = madeDisk('repair-disk');
    await bench.done(sweep(id, 'repair-disk'));
    expect(bench.lab.store.disks.find(id)).toBeUndefined();
  });

  it('and stays where it was taken into use since', async () => {
    const disk = madeDisk('repair-disk');
    disk.exported = true;
    expect(await codeOf(bench.done(sweep(disk.id, 'repair-disk')))).toBe('AzureRefused');
    expect(bench.lab.store.disks.find(disk.id)).toBeDefined();
  });

  it.each([
    ['of the next remediation', () => madeTags({ ...MAKER, remediationId: 'vm-2' }, 'repair-disk')],
    ['of another role', () => madeTags(MAKER, 'original-disk')],
    ['of another deployment', () => madeTags({ ...MAKER, deployment: 'elsewhere' }, 'repair-disk')],
    ['of its owner alone', () => ({ owner: 'finance' })],
  ])('and stays where it has other tags since: those %s', async (_whose, tags) => {
    const disk = madeDisk('repair-disk');
    disk.tags = tags();
    expect((await sweep(disk.id, 'repair-disk')).done).toBe(true);
    expect(bench.lab.store.disks.find(disk.id)).toBeDefined();
  });
});
