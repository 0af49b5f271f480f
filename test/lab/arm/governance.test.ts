import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
const KEY = `${COMPUTE}/diskEncryptionSets/own-key`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1', { power: 'deallocated' }));
});
afterEach(() => bench.close());

const emptyDisk = (more: object = {}, top: object = {}): object => ({
  location: 'westeurope',
  ...top,
  properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 4, ...more },
});
const snapshotOf = (vm: string, more: object = {}): object => ({
  location: 'westeurope',
  properties: {
    incremental: true,
    creationData: { createOption: 'Copy', sourceResourceId: bench.lab.disk(`${vm}-osdisk`).id },
    ...more,
  },
});
const put = (type: string, body: object) => bring(bench, 'PUT', `${COMPUTE}/${type}/made`, body);

describe('a policy that denies', () => {
  const deny = (denies: Bench['lab']['governance']['denials'][number]['denies']): void => {
    bench.lab.governance.denials.push({ name: 'rule', scope: LAB_GROUP_ID, denies });
  };
  const DENIED = { status: 403, code: 'RequestDisallowedByPolicy' };

  it('looks at the tags of what is made, and of what is changed', async () => {
    deny({ missingTag: 'owner' });
    expect(await put('disks', emptyDisk())).toMatchObject(DENIED);
    expect(await put('disks', emptyDisk({}, { tags: { owner: 'me' } }))).not.toMatchObject(DENIED);
    const change = await bring(bench, 'PATCH', bench.lab.vm('vm1').id, {
      properties: { licenseType: 'Windows_Server' },
    });
    expect(change).toMatchObject(DENIED);
  });

  it('looks at the types of disks and at how open they are', async () => {
    deny({ diskSkus: ['Premium_LRS'] });
    expect(await put('disks', emptyDisk({}, { sku: { name: 'Premium_LRS' } }))).toMatchObject(DENIED);
    expect(await put('disks', emptyDisk())).not.toMatchObject(DENIED);
    deny({ publicDisks: true });
    expect(await put('snapshots', snapshotOf('vm1'))).toMatchObject(DENIED);
  });
});

it('takes no more than fifty tags', async () => {
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, 'x']));
  expect(await put('disks', emptyDisk({}, { tags: tags(51) }))).toMatchObject({ status: 400 });
  expect(await put('disks', emptyDisk({}, { tags: tags(50) }))).not.toMatchObject({ status: 400 });
});

describe('a deny assignment', () => {
  it('forbids what a role grants, and what a request links to', async () => {
    bench.lab.governance.denyAssignments.push({
      name: 'stack',
      scope: bench.lab.disk('vm1-osdisk').id,
      actions: ['*/action', '*/delete'],
    });
    expect(await put('snapshots', snapshotOf('vm1'))).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
    });
    expect(await bring(bench, 'DELETE', bench.lab.disk('vm1-osdisk').id)).toMatchObject({
      status: 403,
      code: 'DenyAssignmentAuthorizationFailed',
    });
  });
});

describe('a disk encryption set', () => {
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: KEY };

  it('is that of a disk and of its incremental snapshots', async () => {
    bench.lab.disk('vm1-osdisk').properties.encryption = encryption;
    expect(await put('snapshots', snapshotOf('vm1'))).toMatchObject({ status: 400, code: 'BadRequest' });
    expect(await put('snapshots', snapshotOf('vm1', { encryption }))).not.toMatchObject({ status: 400 });
  });

  it('makes no disk and starts no VM while its key is disabled', async () => {
    bench.lab.disk('vm1-osdisk').properties.encryption = encryption;
    bench.lab.governance.disabledKeys.add(KEY.toLowerCase());
    await expect(
      bench.finish(bench.compute.disks.createOrUpdate('rg-fleet', 'made', made())),
    ).rejects.toThrow('KeyVaultKeyDisabled');
    await expect(bench.finish(bench.compute.virtualMachines.start('rg-fleet', 'vm1'))).rejects.toThrow(
      'KeyVaultKeyDisabled',
    );
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });

  const made = () => ({
    location: 'westeurope',
    creationData: { createOption: 'Empty' },
    diskSizeGB: 4,
    encryption,
  });
});

describe('a disk', () => {
  it('stands in no zone where it has copies in each, and names the way to it where it is private', async () => {
    const zrs = emptyDisk({}, { sku: { name: 'Premium_ZRS' }, zones: ['1'] });
    expect(await put('disks', zrs)).toMatchObject({ status: 400, code: 'InvalidParameter' });
    const closed = emptyDisk({ networkAccessPolicy: 'AllowPrivate' });
    expect(await put('disks', closed)).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });
});
