import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { beginKeyCheck } from '../../../shared/azure/key-check.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

const key = (name: string): string =>
  `${LAB_GROUP_ID}/providers/Microsoft.Compute/diskEncryptionSets/${name}`;

let bench: AzureBench;
let osDiskId: string;
beforeEach(async () => {
  bench = await startAzureBench({
    zone: '2',
    osDiskTags: { owner: 'finance' },
    osDiskSettings: {
      encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: key('own') },
      networkAccessPolicy: 'DenyAll',
    },
  });
  osDiskId = bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
});
afterEach(() => bench.close());

const check = (name: string) => beginKeyCheck(bench.acting.azure, osDiskId, key(name), MAKER);

describe('the disk by which a key is tried', () => {
  it.each(['own', 'other'])(
    'is empty, beside the VM’s and as well protected, with the key %s',
    async (name) => {
      const { id, operation } = await check(name);
      await bench.done(Promise.resolve(operation));
      const { properties, tags, zones, sku } = bench.lab.disk(id);
      expect(properties).toMatchObject({
        diskSizeGB: 4,
        creationData: { createOption: 'Empty' },
        encryption: { diskEncryptionSetId: key(name) },
        networkAccessPolicy: 'DenyAll',
      });
      expect({ tags, zones, sku }).toMatchObject({
        tags: { owner: 'finance', 'rdp-medic-role': 'key-check-disk' },
        zones: ['2'],
        sku: { name: 'Premium_LRS' },
      });
    },
  );

  it('is made once', async () => {
    await bench.done(check('own').then(({ operation }) => operation));
    const before = bench.lab.requests().filter(({ method }) => method === 'PUT').length;
    expect((await check('own')).operation.done).toBe(true);
    expect(bench.lab.requests().filter(({ method }) => method === 'PUT')).toHaveLength(before);
  });

  it('is not made with a key that is disabled', async () => {
    bench.lab.governance.disabledKeys.add(key('own').toLowerCase());
    expect(await codeOf(bench.done(check('own').then(({ operation }) => operation)))).toBe('OperationFailed');
  });
});
