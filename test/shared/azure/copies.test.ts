import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { beginCopyDisk, beginMarkDisk, beginReleaseDisk } from '../../../shared/azure/os-disk.ts';
import { madeName } from '../../../shared/azure/made-resource.ts';
import { beginSnapshot } from '../../../shared/azure/snapshot.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

const DES = `${LAB_GROUP_ID}/providers/Microsoft.Compute/diskEncryptionSets/own-key`;
const ACCESS = `${LAB_GROUP_ID}/providers/Microsoft.Compute/diskAccesses/private`;
const disk = (name: string): string => `${LAB_GROUP_ID}/providers/Microsoft.Compute/disks/${name}`;
const snapshot = (name: string): string => `${LAB_GROUP_ID}/providers/Microsoft.Compute/snapshots/${name}`;
const PROTECTION = {
  encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: DES },
  networkAccessPolicy: 'AllowPrivate',
  publicNetworkAccess: 'Disabled',
  diskAccessId: ACCESS,
  dataAccessAuthMode: 'AzureActiveDirectory',
} as const;

let bench: AzureBench;
let original: string;
beforeEach(async () => {
  bench = await startAzureBench({ zone: '2' });
  original = bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
  const found = bench.lab.disk(original);
  found.tags = { owner: 'finance' };
  Object.assign(found.properties, PROTECTION);
});
afterEach(() => bench.close());

const safetyCopy = () => beginSnapshot(bench.acting.azure, original, 'westeurope', MAKER, 'snapshot');
const copyFrom = (sourceId: string, notBefore?: string) =>
  beginCopyDisk(bench.acting.azure, original, sourceId, MAKER, 'repair-disk', notBefore);

describe('what is made of an OS disk', () => {
  it('is as well protected as the disk: key, network access, tags, and for the copy zone, kind and SKU', async () => {
    const { id, operation } = await safetyCopy();
    await bench.done(Promise.resolve(operation));
    await bench.done(copyFrom(id).then((begun) => begun.operation));
    const kept = bench.lab.store.snapshots.get(id);
    const copy = bench.lab.disk(disk(madeName(MAKER, 'repair-disk')));
    expect(kept).toMatchObject({ tags: { owner: 'finance' }, properties: PROTECTION });
    expect(copy).toMatchObject({
      tags: { owner: 'finance' },
      properties: { ...PROTECTION, osType: 'Windows', hyperVGeneration: 'V2' },
      sku: { name: 'Premium_LRS' },
      zones: ['2'],
    });
  });

  it('is the same without a snapshot in between', async () => {
    await bench.done(copyFrom(original).then((begun) => begun.operation));
    expect(bench.lab.disk(disk(madeName(MAKER, 'repair-disk')))).toMatchObject({
      tags: { owner: 'finance' },
      properties: { ...PROTECTION, creationData: { sourceResourceId: original } },
      zones: ['2'],
    });
    expect(bench.lab.store.snapshots.within('/')).toEqual([]);
  });

  it('is made once', async () => {
    const { id, operation } = await safetyCopy();
    await bench.done(Promise.resolve(operation));
    expect((await safetyCopy()).operation.done).toBe(true);
    await bench.done(copyFrom(id).then((begun) => begun.operation));
    expect((await copyFrom(id)).operation.done).toBe(true);
  });

  it('is not ours by its name alone', async () => {
    await bench.done(safetyCopy().then(({ operation }) => operation));
    const made = bench.lab.store.snapshots.get(snapshot(madeName(MAKER, 'snapshot')));
    made.sourceUniqueId = 'of another disk of that name';
    expect(await codeOf(safetyCopy())).toBe('NameTaken');
    made.properties.creationData.sourceResourceId = disk('other');
    expect(await codeOf(safetyCopy())).toBe('NameTaken');
  });

  it('is not ours where the copy was made from another snapshot, as a rehearsal’s is', async () => {
    const { id, operation } = await safetyCopy();
    await bench.done(Promise.resolve(operation));
    await bench.done(copyFrom(id).then((begun) => begun.operation));
    const copy = bench.lab.disk(disk(madeName(MAKER, 'repair-disk')));
    copy.properties.creationData.sourceResourceId = snapshot('rehearsal');
    expect(await codeOf(copyFrom(id))).toBe('NameTaken');
  });

  it('is not ours where it was copied before the VM was down', async () => {
    await bench.done(copyFrom(original).then(({ operation }) => operation));
    expect(await codeOf(copyFrom(original, '2030-01-01T00:00:00.000Z'))).toBe('NameTaken');
    expect((await copyFrom(original, '2026-01-01T00:00:00.000Z')).operation.done).toBe(true);
  });
});

it('tags of a disk’s owner stay when ours are put on and taken off', async () => {
  const { azure } = bench.acting;
  await bench.done(beginMarkDisk(azure, original, MAKER, { role: 'original-disk', unlessUsed: false }));
  expect(bench.lab.disk(original).tags).toMatchObject({
    owner: 'finance',
    'rdp-medic-role': 'original-disk',
  });
  await bench.done(beginReleaseDisk(azure, original, { ...MAKER, deployment: 'elsewhere' }));
  await bench.done(beginReleaseDisk(azure, original, { ...MAKER, remediationId: 'vm-2' }));
  expect(bench.lab.disk(original).tags).toMatchObject({ 'rdp-medic-role': 'original-disk' });
  await bench.done(beginReleaseDisk(azure, original, MAKER));
  expect(bench.lab.disk(original).tags).toEqual({ owner: 'finance' });
});
